//! `#[attribute(…)]`.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, LitStr, Result};

/// What `#[attribute(…)]` says.
#[derive(Default)]
pub(crate) struct AttributeOptions {
    pub(crate) required: Option<Span>,
    pub(crate) optional: Option<Span>,
    pub(crate) computed: Option<Span>,
    pub(crate) replace: Option<Span>,
    pub(crate) sensitive: Option<Span>,
    pub(crate) write_only: Option<Span>,
    pub(crate) set: Option<Span>,
    pub(crate) default: Option<Expr>,
    pub(crate) deprecated: Option<String>,
}

impl AttributeOptions {
    /// Reads and checks one `#[attribute(…)]`.
    pub(crate) fn parse(attribute: &Attribute) -> Result<Self> {
        let mut options = Self::default();
        attribute.parse_nested_meta(|meta| options.accept(&meta))?;
        options.check(attribute.span())?;
        Ok(options)
    }

    fn accept(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let flag = match name.as_str() {
            "required" => &mut self.required,
            "optional" => &mut self.optional,
            "computed" => &mut self.computed,
            "replace" => &mut self.replace,
            "sensitive" => &mut self.sensitive,
            "write_only" => &mut self.write_only,
            "set" => &mut self.set,
            "default" if self.default.is_none() => {
                self.default = Some(meta.value()?.parse()?);
                return Ok(());
            }
            "deprecated" if self.deprecated.is_none() => {
                self.deprecated = Some(meta.value()?.parse::<LitStr>()?.value());
                return Ok(());
            }
            "default" | "deprecated" => return Err(meta.error(format!("`{name}` is given twice"))),
            _ => return Err(meta.error("no such option of an attribute")),
        };
        match flag.replace(meta.path.span()) {
            Some(_) => Err(meta.error(format!("`{name}` is given twice"))),
            None => Ok(()),
        }
    }

    /// The rules of `platoform_schema::Attribute`.
    fn check(&self, whole: Span) -> Result<()> {
        if self.required.is_none() && self.optional.is_none() && self.computed.is_none() {
            return Err(Error::new(whole, "needs `required`, `optional` or `computed`"));
        }
        if self.required.is_some()
            && let Some(span) = self.optional.or(self.computed)
        {
            return Err(Error::new(span, "`required` excludes `optional` and `computed`"));
        }
        if let Some(default) = &self.default {
            if self.optional.is_none() {
                return Err(Error::new(
                    default.span(),
                    "only `optional` attributes have a default",
                ));
            }
            if self.computed.is_some() {
                let text = "with a default there is nothing left for the provider to compute";
                return Err(Error::new(default.span(), text));
            }
        }
        if let (Some(span), Some(_)) = (self.write_only, self.computed) {
            return Err(Error::new(span, "a `computed` attribute cannot be `write_only`"));
        }
        Ok(())
    }
}
