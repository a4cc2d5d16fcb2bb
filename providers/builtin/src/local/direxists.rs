//! The function `direxists`.

use platoform_provider::schema::{FunctionSignature, Parameter};
use platoform_provider::value::{Type, Value};
use platoform_provider::{CallRequest, FileKind};

pub(crate) fn signature() -> FunctionSignature {
    let path = Parameter::new("path", Type::String, "The path, relative or absolute.");
    FunctionSignature {
        parameters: vec![path],
        variadic: None,
        result: Type::Bool,
        summary: "Whether there is a directory at a path".into(),
        description: "A file at that path is an error. A `~` stands for no home directory here; \
                      `pathexpand` replaces it."
            .into(),
    }
}

pub(crate) fn call(request: &CallRequest<'_>) -> Result<Value, (Option<usize>, String)> {
    let path = request.arguments.first().and_then(Value::as_str).unwrap_or_default();
    match request.files.kind(&request.directory.join(path)) {
        None => Ok(Value::from(false)),
        Some(FileKind::Directory) => Ok(Value::from(true)),
        Some(FileKind::File | FileKind::Other) => Err((
            Some(0),
            format!("Invalid file mode detected: {path:?} was found, but is not a directory"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use platoform_provider::value::Value;
    use platoform_provider::{CallRequest, MemoryFiles};

    #[test]
    fn only_a_directory_exists() {
        let mut files = MemoryFiles::default();
        files.insert("/here/folder/file", "");
        let ask = |path: &str| {
            let arguments = [Value::from(path)];
            let directory = Path::new("/here");
            let name = "direxists";
            crate::local().call(&CallRequest {
                name,
                arguments: &arguments,
                files: &files,
                directory,
            })
        };
        assert_eq!(ask("folder"), Ok(Value::from(true)));
        assert_eq!(ask("/here/folder"), Ok(Value::from(true)));
        assert_eq!(ask("nothing"), Ok(Value::from(false)));
        let (argument, message) = ask("folder/file").unwrap_err();
        assert_eq!(argument, Some(0));
        assert!(message.contains("\"folder/file\" was found, but is not a directory"), "{message}");
    }
}
