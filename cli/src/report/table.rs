//! Tables of text.

use comfy_table::{ContentArrangement, Table, TableStyle};

use super::literal::line;

/// Columns under their names, each as wide as its widest cell. Control characters are escaped.
pub fn table(columns: &[String], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new()).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(columns.iter().map(|name| line(name)));
    for row in rows {
        table.add_row(row.iter().map(|cell| line(cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let columns = ["a".to_owned(), "long name".to_owned()];
        let rows = vec![
            vec!["wide cell".to_owned(), "x\ny".to_owned()],
            vec![String::new(), "z".to_owned()],
        ];
        assert_eq!(
            table(&columns, rows),
            "a          long name\nwide cell  x\\u000ay\n           z\n"
        );
    }
}
