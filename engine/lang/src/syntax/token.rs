//! Tokens: what the lexer cuts a text into.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `(`
    OpenParenthesis,
    /// `)`
    CloseParenthesis,
    /// `"` that begins a quoted template.
    OpenQuote,
    /// `"` that ends it.
    CloseQuote,
    /// `<<NAME` or `<<-NAME` with the line end that follows it.
    OpenHeredoc,
    /// The line with the name that ends it, without its line end.
    CloseHeredoc,
    /// `${` or `${~`
    Interpolation,
    /// `%{` or `%{~`
    Directive,
    /// `}` or `~}` that ends either.
    SequenceEnd,
    /// Literal text in quotes; may hold escapes.
    Quoted,
    /// Literal text in a heredoc or a bare template, at most one line.
    Text,
    /// A line end inside quotes, where none may be.
    QuotedNewline,
    /// A number.
    Number,
    /// An identifier or keyword.
    Identifier,
    /// A line end.
    Newline,
    /// `#` or `//` to the end of its line, line end included: counts as a line end.
    LineComment,
    /// `/* … */`, or a line comment that the end of the text ends.
    Comment,
    /// The end of the text.
    End,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `=`
    Assign,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `!`
    Not,
    /// `.`
    Dot,
    /// `...`
    Ellipsis,
    /// `,`
    Comma,
    /// `=>`
    Arrow,
    /// `?`
    Question,
    /// `:`
    Colon,
    /// `::`
    DoubleColon,
    /// `&`, not part of the language.
    Ampersand,
    /// `|`, not part of the language.
    Pipe,
    /// `^`, not part of the language.
    Caret,
    /// `~`, not part of the language outside templates.
    Tilde,
    /// `'`, not part of the language.
    Apostrophe,
    /// A backtick, not part of the language.
    Backtick,
    /// `;`, not part of the language.
    Semicolon,
    /// A byte that is not part of any character.
    Broken,
    /// Any other character that is not part of the language.
    Invalid,
}

impl Kind {
    /// Whether such a token is an error wherever it stands.
    pub(crate) fn is_foreign(self) -> bool {
        matches!(
            self,
            Self::Ampersand
                | Self::Pipe
                | Self::Caret
                | Self::Tilde
                | Self::Apostrophe
                | Self::Backtick
                | Self::Semicolon
                | Self::Broken
                | Self::Invalid
        )
    }

    /// The bracket that opens what this one closes.
    pub(crate) fn opener(self) -> Option<Self> {
        Some(match self {
            Self::CloseBrace => Self::OpenBrace,
            Self::CloseBracket => Self::OpenBracket,
            Self::CloseParenthesis => Self::OpenParenthesis,
            Self::CloseQuote => Self::OpenQuote,
            Self::CloseHeredoc => Self::OpenHeredoc,
            // Stands for directives too: whoever matches brackets treats them as one.
            Self::SequenceEnd => Self::Interpolation,
            _ => return None,
        })
    }
}

/// A token with its place: byte offsets in the text that was cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Offset of its first byte.
    pub(crate) start: u32,
    /// Offset of the byte after its last.
    pub(crate) end: u32,
}
