//! What a page says of where a module is: `<meta name="terraform-get" content="ADDRESS">`.

/// The address in the head of a page.
pub fn address(page: &str) -> Option<String> {
    let mut rest = page;
    while let Some(place) = rest.find('<') {
        rest = &rest[place + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
            continue;
        }
        let (tag, after) = element(rest)?;
        let name =
            tag.split(|character: char| character.is_whitespace() || character == '/').next();
        match name.unwrap_or_default().to_ascii_lowercase().as_str() {
            "meta" if attribute(tag, "name").as_deref() == Some("terraform-get") => {
                return attribute(tag, "content").filter(|content| !content.is_empty());
            }
            // Only the head counts: a page may show what others wrote.
            "body" => return None,
            _ => rest = after,
        }
    }
    None
}

/// Splits off a tag at its `>`, which quotes may hide.
fn element(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (place, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => return Some((&text[..place], &text[place + 1..])),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), character) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag.trim_start_matches(|character: char| !character.is_whitespace());
    loop {
        rest = rest
            .trim_start_matches(|character: char| character.is_whitespace() || character == '/');
        let end = rest.find(|character: char| character.is_whitespace() || character == '=');
        let name = &rest[..end.unwrap_or(rest.len())];
        if name.is_empty() {
            return None;
        }
        rest = rest[name.len()..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|first| matches!(first, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => after[1..].split_once(quote)?,
                None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
        }
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value.replace("&amp;", "&").replace("&quot;", "\""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_address_is_in_the_head() {
        let page = "<!DOCTYPE html><html><head><!-- <meta name='terraform-get' content='no'> -->\
                    <title a='>'>x</title><META content=\"git::https://x/y?a=1&amp;b=2\" \
                    name='terraform-get' /></head><body></body></html>";
        assert_eq!(address(page).as_deref(), Some("git::https://x/y?a=1&b=2"));
        assert_eq!(address("<meta name=terraform-get content=./x>").as_deref(), Some("./x"));
    }

    #[test]
    fn what_is_no_such_page_says_nothing() {
        for page in [
            "",
            "<",
            "<meta",
            "<meta name=\"terraform-get",
            "<meta name=terraform-get>",
            "<meta name=terraform-get content=>",
            "<!-- <meta name=terraform-get content=x>",
            "<body><meta name=terraform-get content=x>",
            "<meta é=\"ü\" name=x>",
        ] {
            assert_eq!(address(page), None, "{page}");
        }
    }
}
