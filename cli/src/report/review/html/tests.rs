use super::*;
use crate::report::review::sample::{hostile, many};

#[test]
fn the_page_needs_nothing_but_itself() {
    let page = html(&many(2, 2, 2));
    for outside in ["http:", "https:", "//cdn", "@import", "url(h", "<link", "src="] {
        let found = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'") && !page.contains("unsafe"));
    assert!(!page.contains(" style=") && !page.contains(" onclick="));
}

#[test]
fn hostile_text_is_harmless() {
    for (text, review) in hostile() {
        let page = html(&review);
        let plain = html(&many(1, 1, 1));
        let tags = |page: &str, tag: &str| page.matches(tag).count();
        assert_eq!(tags(&page, "<script"), tags(&plain, "<script"), "{text:?}");
        assert_eq!(tags(&page, "<main"), tags(&page, "</main>"), "{text:?}");
        assert_eq!(tags(&page, "<details"), tags(&page, "</details>"), "{text:?}");
        assert!(!page.contains("alert(1)</script>"), "{text:?}");
        let controls = page.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\t'));
        assert!(!controls && !page.contains(['\u{202e}', '\u{2066}']), "{text:?}");
    }
}
