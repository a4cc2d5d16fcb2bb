//! Tokens for registries and passwords for hosts, from where Terraform takes them.

use std::fs;
use std::path::PathBuf;

use platoform_diagnostic::Environment;
use reqwest::Url;

/// Prefix of the variables that hold tokens.
const TOKEN: &str = "TF_TOKEN_";

/// What the user has for hosts.
#[derive(Default)]
pub struct Credentials {
    /// By host.
    tokens: Vec<(String, String)>,
    /// By host; `None` stands for all others.
    logins: Vec<(Option<String>, String, Option<String>)>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl Credentials {
    /// Reads `TF_TOKEN_*`, and the file in `NETRC` or `~/.netrc`.
    pub fn read(environment: &Environment) -> Self {
        let variables = environment.variables.iter().filter(|(_, value)| !value.is_empty());
        let tokens = variables.filter_map(|(name, value)| {
            let name = name.strip_prefix(TOKEN)?;
            Some((host(name), value.clone()))
        });
        let path = environment.get("NETRC").map(PathBuf::from);
        let path = path.or_else(|| Some(environment.home.as_ref()?.join(".netrc")));
        // A file that is not there has no passwords in it.
        let text = path.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        Self { tokens: tokens.collect(), logins: logins(&text) }
    }

    /// The token for a registry, which is only ever sent encrypted.
    pub fn token(&self, url: &Url) -> Option<&str> {
        let host = url.host_str().filter(|_| url.scheme() == "https")?;
        let with_port = url.port().map(|port| format!("{host}:{port}"));
        let of = |wanted: &str| self.tokens.iter().find(|(host, _)| host == wanted);
        let found = with_port.as_deref().and_then(of).or_else(|| of(host));
        found.map(|(_, token)| token.as_str())
    }

    /// The name and password for a host.
    pub fn login(&self, url: &Url) -> Option<(&str, Option<&str>)> {
        let host = url.host_str()?;
        let found = self.logins.iter().find(|(machine, ..)| machine.as_deref() == Some(host));
        let found = found.or_else(|| self.logins.iter().find(|(machine, ..)| machine.is_none()));
        found.map(|(_, user, password)| (user.as_str(), password.as_deref()))
    }
}

/// The host that a variable is for: two underscores stand for a dash, one for a dot.
fn host(name: &str) -> String {
    name.replace("__", "-").replace('_', ".").to_lowercase()
}

/// What a `.netrc` file says, in its order. Macros are passed over.
fn logins(text: &str) -> Vec<(Option<String>, String, Option<String>)> {
    let mut words = text
        .split("\n\n")
        .map(|part| part.split_once("macdef").map_or(part, |(before, _)| before))
        .flat_map(str::lines)
        .map(|line| if line.trim_start().starts_with('#') { "" } else { line })
        .flat_map(str::split_whitespace);
    let mut found: Vec<(Option<String>, String, Option<String>)> = Vec::new();
    while let Some(word) = words.next() {
        let mut next = || words.next().map(str::to_owned);
        match word {
            "machine" => found.push((next(), String::new(), None)),
            "default" => found.push((None, String::new(), None)),
            "login" => {
                if let (Some(last), Some(user)) = (found.last_mut(), next()) {
                    last.1 = user;
                }
            }
            "password" => {
                if let (Some(last), password) = (found.last_mut(), next()) {
                    last.2 = password;
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_belong_to_hosts() {
        let mut environment = Environment::default();
        for (name, value) in [("TF_TOKEN_my__host_example_com", "a"), ("TF_TOKEN_x_y", "")] {
            environment.variables.insert(name.into(), value.into());
        }
        let credentials = Credentials::read(&environment);
        let token = |url: &str| credentials.token(&Url::parse(url).unwrap()).map(str::to_owned);
        assert_eq!(token("https://my-host.example.com/v1").as_deref(), Some("a"));
        assert_eq!(token("http://my-host.example.com/v1"), None);
        assert_eq!(token("https://example.com/"), None);
        assert_eq!(token("https://x.y/"), None);
        assert!(
            !format!("{credentials:?}").contains('a')
                || !format!("{credentials:?}").contains("\"a\"")
        );
    }

    #[test]
    fn passwords_are_read_from_netrc() {
        let logins = logins(
            "# machine no login no\nmachine a.b login me password pw\nmacdef init\nmachine x login y\n\n\
             machine c.d\n  login you\n  account z\n  password\tother\ndefault login all password p",
        );
        let credentials = Credentials { tokens: Vec::new(), logins };
        let login = |url: &str| {
            let url = Url::parse(url).unwrap();
            let found = credentials.login(&url);
            found.map(|(user, password)| (user.to_owned(), password.map(str::to_owned)))
        };
        assert_eq!(login("https://a.b/"), Some(("me".into(), Some("pw".into()))));
        assert_eq!(login("https://c.d/"), Some(("you".into(), Some("other".into()))));
        assert_eq!(login("https://e.f/"), Some(("all".into(), Some("p".into()))));
        assert!(
            super::logins("machine").len() == 1 && super::logins("login x password").is_empty()
        );
    }
}
