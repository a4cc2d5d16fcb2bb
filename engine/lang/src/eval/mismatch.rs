//! Why two types do not go together, in the words Terraform's users know.

use platoform_value::{Type, quoted};

/// Says how the types of the two branches of a conditional differ, as deep as it can be told
/// simply. The types must have no common type.
pub(super) fn describe(yes: &Type, no: &Type) -> String {
    structural(yes, no).unwrap_or_else(|| {
        let (yes, no) = (yes.friendly_name(), no.friendly_name());
        if yes == no {
            return "At least one deeply-nested attribute or element is not compatible across \
                    both the 'true' and the 'false' value"
                .into();
        }
        format!("The 'true' value is {yes}, but the 'false' value is {no}")
    })
}

fn structural(yes: &Type, no: &Type) -> Option<String> {
    match (yes, no) {
        (Type::Object(left), Type::Object(right)) => {
            for (name, kind) in &left.attributes {
                match right.attributes.get(name) {
                    None => {
                        return Some(format!(
                            "The 'true' value includes object attribute {name}, which is absent \
                             in the 'false' value",
                            name = quoted(name)
                        ));
                    }
                    Some(other) if other != kind => {
                        let why = describe(kind, other);
                        return Some(format!(
                            "Type mismatch for object attribute {name}: {why}",
                            name = quoted(name)
                        ));
                    }
                    Some(_) => {}
                }
            }
            let extra =
                right.attributes.keys().find(|name| !left.attributes.contains_key(*name))?;
            Some(format!(
                "The 'false' value includes object attribute {extra}, which is absent in the \
                 'true' value",
                extra = quoted(extra)
            ))
        }
        (Type::Tuple(left), Type::Tuple(right)) if left.len() != right.len() => Some(format!(
            "The 'true' tuple has length {}, but the 'false' tuple has length {}",
            left.len(),
            right.len()
        )),
        (Type::Tuple(left), Type::Tuple(right)) => {
            let mut pairs = left.iter().zip(right.iter()).enumerate();
            let (index, (left, right)) = pairs.find(|(_, (left, right))| left != right)?;
            Some(format!("Type mismatch for tuple element {index}: {}", describe(left, right)))
        }
        (Type::List(left), Type::List(right)) => elements("list", left, right),
        (Type::Set(left), Type::Set(right)) => elements("set", left, right),
        (Type::Map(left), Type::Map(right)) => elements("map", left, right),
        _ => None,
    }
}

fn elements(noun: &str, left: &Type, right: &Type) -> Option<String> {
    let alike = matches!(
        (left, right),
        (Type::Object(_), Type::Object(_)) | (Type::Tuple(_), Type::Tuple(_))
    );
    alike.then(|| format!("Mismatched {noun} element types: {}", describe(left, right)))
}
