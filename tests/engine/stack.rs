//! A project of its own names on the shared Engine.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

use platoform_tests::Project;

use crate::docker::{BUSYBOX, remove_all};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// An image of nothing but busybox; `var.prefix` begins all names.
const IMAGE: &str = r#"
    variable "prefix" {
      type = string
    }
    resource "docker_image" "busybox" {
      name = "${var.prefix}-busybox:1"
      build {
        context = "${path.module}/image"
      }
    }
    //- /image/Dockerfile
    FROM scratch
    COPY busybox /bin/busybox
    ENTRYPOINT ["/bin/busybox"]
"#;

/// A project whose objects have names that no other has. They are removed with it, whatever
/// becomes of the trial.
pub struct Stack {
    /// What the names of its objects begin with.
    pub prefix: String,
    project: Project,
}

impl Stack {
    /// A copy of an example, with variables that every run gets.
    pub fn example(name: &str) -> Self {
        let stack = Self::with(Project::example(name));
        stack.write("terraform.tfvars", &format!("deployment = \"{}\"\n", stack.prefix));
        stack
    }

    /// A configuration besides `docker_image.busybox` and `var.prefix`.
    pub fn new(configuration: &str) -> Self {
        let stack = Self::with(Project::new(IMAGE));
        stack.files("//- /stack.tf\n");
        stack.write("stack.tf", configuration);
        stack.write("terraform.tfvars", &format!("prefix = \"{}\"\n", stack.prefix));
        fs::copy(BUSYBOX, stack.path("image/busybox")).unwrap();
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(stack.path("image/busybox"), executable).unwrap();
        stack
    }

    fn with(project: Project) -> Self {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        Self { prefix: format!("pft{}x{number}", std::process::id()), project }
    }

    /// The name of an object.
    pub fn name(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    /// A text without its own names, for a snapshot.
    pub fn neutral(&self, text: &str) -> String {
        text.replace(&self.prefix, "[PREFIX]")
    }
}

impl Deref for Stack {
    type Target = Project;

    fn deref(&self) -> &Project {
        &self.project
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        remove_all(&self.prefix);
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What is at `/` of a port of this machine, once something answers.
#[track_caller]
pub fn get(port: u16) -> String {
    let fetch = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let mut answer = fetch();
    for _ in 0..20 {
        if answer.as_ref().is_ok_and(|answer| !answer.is_empty()) {
            break;
        }
        sleep(Duration::from_millis(250));
        answer = fetch();
    }
    answer.expect("something answers")
}
