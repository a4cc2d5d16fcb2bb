//! What is easier to see here than in the conformance cases, and what differs from Terraform.

use platoform_diagnostic::FileId;

use super::format;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(format(FileId(0), text).unwrap(), expected);
}

#[test]
fn arguments_and_comments_are_aligned() {
    check(
        "a=1 # one\nbbb=[2,3] # two\n\nc=\"日本\" # three\ndd={e=4} # four\n",
        "a   = 1      # one\nbbb = [2, 3] # two\n\nc  = \"日本\"      # three\ndd = { e = 4 } # four\n",
    );
}

#[test]
fn brackets_indent_the_lines_they_span() {
    check(
        "a {\nb = f({\nc = [\n1,\n2]\n})\nd {}\n}\n",
        "a {\n  b = f({\n    c = [\n      1,\n    2]\n  })\n  d {}\n}\n",
    );
}

#[test]
fn a_heredoc_at_the_end_of_the_file_ends_its_line() {
    check("a = \"${<<EOT\nx\nEOT\n}\"", "a = <<EOT\nx\nEOT\n");
}

#[test]
fn heredocs_keep_their_text() {
    check(
        "a {\nb=<<-EOT\n \tx=1  # no\n    ${ y+1 }\n  EOT\nccc=2\n}\n",
        "a {\n  b   = <<-EOT\n \tx=1  # no\n    ${y + 1}\n  EOT\n  ccc = 2\n}\n",
    );
}

#[test]
fn syntax_of_old_is_replaced() {
    check(
        "variable a {\ntype=\"list\"\ndefault=\"${x}\"\n}\n",
        "variable \"a\" {\n  type    = list(string)\n  default = x\n}\n",
    );
    check("variable \"a\" { type=map }\n", "variable \"a\" { type = map(any) }\n");
    check("a /* b */ c /* d */ {}\n", "a \"c\" /* d */ {}\n");
}

/// Consonants of Indic scripts are joined by newer versions of Unicode only.
#[test]
fn columns_are_those_of_unicode_15() {
    check("a=\"क्षि\" # b\nc=12345 # d\n", "a = \"क्षि\"  # b\nc = 12345 # d\n");
}

#[test]
fn mistakes_are_refused() {
    for text in ["a=b...\n", "a {\n", "a=\"${x\"\n", "a=1\na=2\n"] {
        assert!(format(FileId(0), text).unwrap_err().has_errors(), "{text}");
    }
}

/// There, a label of which a part is written as `$` or `%` is lost: the block changes its meaning.
#[test]
fn no_label_is_lost() {
    check("a b \"c$d\" \"100%\" \"$${e}\" {}\n", "a \"b\" \"c$d\" \"100%\" \"$${e}\" {}\n");
}

/// There, the line ends of comments are overlooked, and what is written cannot be read again.
#[test]
fn no_comment_breaks_an_expression() {
    check("a=\"${x # b\n+ y}\"\n", "a = (x # b\n+ y)\n");
    check("a=\"${ # b\nx}\"\n", "a = ( # b\nx)\n");
    check("a=\"${f(x, # b\ny)}\"\n", "a = f(x, # b\ny)\n");
    check("a=\"${x # b\n}\"\n", "a = x # b\n\n");
}

#[test]
fn a_formatted_text_stays() {
    let text =
        "resource \"a\" \"b\" {\n  c = [\n    { d = -1 }, # e\n  ]\n\n  f = <<EOT\n  g\nEOT\n}\n";
    check(text, text);
}
