//! `#[block(…)]`.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, LitInt, LitStr, Result};

/// How occurrences become a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nesting {
    Single,
    Group,
    List,
    Set,
    Map,
}

impl Nesting {
    /// The variant of `BlockNesting`, and the codec of the same name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Single => "Single",
            Self::Group => "Group",
            Self::List => "List",
            Self::Set => "Set",
            Self::Map => "Map",
        }
    }
}

/// What `#[block(…)]` says.
pub(crate) struct BlockOptions {
    pub(crate) nesting: Nesting,
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
    pub(crate) computed: bool,
    pub(crate) replace: bool,
}

#[derive(Default)]
struct Parsed {
    nesting: Option<Nesting>,
    min: Option<(u64, Span)>,
    max: Option<(u64, Span)>,
    computed: bool,
    replace: bool,
}

impl BlockOptions {
    /// Reads and checks one `#[block(…)]` of a field.
    pub(crate) fn parse(attribute: &Attribute) -> Result<Self> {
        let mut parsed = Parsed::default();
        attribute.parse_nested_meta(|meta| parsed.accept(&meta))?;
        parsed.check(attribute.span())
    }
}

impl Parsed {
    fn accept(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        let nesting = match name.as_str() {
            "single" => Nesting::Single,
            "group" => Nesting::Group,
            "list" => Nesting::List,
            "set" => Nesting::Set,
            "map" => Nesting::Map,
            "computed" => return once(&mut self.computed, meta),
            "replace" => return once(&mut self.replace, meta),
            "min" => return number(&mut self.min, meta),
            "max" => return number(&mut self.max, meta),
            _ => return Err(meta.error("no such option of a nested block")),
        };
        match self.nesting.replace(nesting) {
            Some(_) => Err(meta.error("a nested block has one nesting")),
            None => Ok(()),
        }
    }

    fn check(self, whole: Span) -> Result<BlockOptions> {
        let Some(nesting) = self.nesting else {
            return Err(Error::new(whole, "needs `single`, `group`, `list`, `set` or `map`"));
        };
        if let (Nesting::Single | Nesting::Group, Some((_, span))) =
            (nesting, self.min.or(self.max))
        {
            return Err(Error::new(span, "only `list`, `set` and `map` have a number of items"));
        }
        let (min, max) = (self.min.map_or(0, |(min, _)| min), self.max.map(|(max, _)| max));
        if let Some((max, span)) = self.max
            && max < min
        {
            return Err(Error::new(span, "`max` is less than `min`"));
        }
        Ok(BlockOptions { nesting, min, max, computed: self.computed, replace: self.replace })
    }
}

/// Reads the `#[block(deprecated = "…")]` of a struct.
pub(crate) fn deprecation(attributes: &[Attribute]) -> Result<Option<String>> {
    let mut deprecated = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("block")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("deprecated") {
                return Err(meta.error("a struct takes `deprecated = \"…\"` only"));
            }
            deprecated = Some(meta.value()?.parse::<LitStr>()?.value());
            Ok(())
        })?;
    }
    Ok(deprecated)
}

fn once(flag: &mut bool, meta: &ParseNestedMeta<'_>) -> Result<()> {
    if std::mem::replace(flag, true) { Err(meta.error("is given twice")) } else { Ok(()) }
}

fn number(place: &mut Option<(u64, Span)>, meta: &ParseNestedMeta<'_>) -> Result<()> {
    let literal: LitInt = meta.value()?.parse()?;
    match place.replace((literal.base10_parse()?, literal.span())) {
        Some(_) => Err(meta.error("is given twice")),
        None => Ok(()),
    }
}
