//! Answers of an assessment as the column keeps them: JSON text, a list of questions with their
//! answers. Older rows keep an object, or whatever the tool wrote.

use serde_json::Value;

/// A question with its answer, each in the tool's own words or codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Answers as the column keeps them, in their order.
pub fn written(answers: &[Answer]) -> String {
    let items = answers.iter().map(|answer| {
        let question = Value::String(answer.question.clone());
        let answer = Value::String(answer.answer.clone());
        Value::Object(
            [("question".to_owned(), question), ("answer".to_owned(), answer)]
                .into_iter()
                .collect(),
        )
    });
    Value::Array(items.collect()).to_string()
}

/// Answers from the column. Of an object, its fields are the questions; what has no question is
/// numbered from 1; what is no JSON at all is one answer without a question.
pub fn read(column: &str) -> Vec<Answer> {
    match serde_json::from_str(column) {
        Ok(Value::Array(items)) => {
            items.iter().zip(1..).map(|(item, no)| item_of(item, no)).collect()
        }
        Ok(Value::Object(fields)) => {
            fields.iter().map(|(name, value)| of(name.clone(), value)).collect()
        }
        Ok(Value::Null) => Vec::new(),
        Ok(value) => vec![of(String::new(), &value)],
        Err(_) => vec![Answer { question: String::new(), answer: column.to_owned() }],
    }
}

fn item_of(item: &Value, no: usize) -> Answer {
    match (item.get("question").and_then(Value::as_str), item.get("answer")) {
        (Some(question), Some(answer)) => of(question.to_owned(), answer),
        _ => of(no.to_string(), item),
    }
}

fn of(question: String, value: &Value) -> Answer {
    let answer = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Answer { question, answer }
}

#[cfg(test)]
mod tests {
    use super::{Answer, read, written};

    fn answer(question: &str, answer: &str) -> Answer {
        Answer { question: question.to_owned(), answer: answer.to_owned() }
    }

    #[test]
    fn what_is_written_is_read_in_its_order() {
        let answers = vec![answer("z", "last \"first\""), answer("a", ""), answer("Ж", "так")];
        assert_eq!(read(&written(&answers)), answers);
        assert_eq!(read(&written(&[])), []);
    }

    #[test]
    fn older_shapes_are_read_as_well_as_they_can_be() {
        assert_eq!(read(r#"{"housing":3,"care":"poor"}"#).len(), 2);
        assert!(read(r#"{"housing":3,"care":"poor"}"#).contains(&answer("housing", "3")));
        assert_eq!(
            read(r#"[1,{"question":"q","answer":2}]"#),
            [answer("1", "1"), answer("q", "2")]
        );
        assert_eq!(read("null"), []);
        assert_eq!(read("free text"), [answer("", "free text")]);
    }
}
