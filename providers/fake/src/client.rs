//! How kinds talk to the cloud.

use std::sync::Arc;
use std::time::Duration;

use platoform_provider::{Failure, FailureClass, Owner, Problem};
use serde::Deserialize;
use serde_json::Value as Json;
use tokio::time::Instant;

use crate::cloud::{
    Answer, Attributes, Cloud, Collection, Created, LAG_LIMIT, Mark, Request, Shown, Status,
};
use crate::http::Http;

/// How often something is asked while the cloud is out of order.
const ATTEMPTS: u32 = 6;
/// First pause after that, doubled each time.
const PAUSE: Duration = Duration::from_millis(50);
/// Pause between looks at something that is to come about.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Longest wait for a machine to boot, and for an object to be gone.
const PATIENCE: Duration = Duration::from_secs(600);

/// Where the cloud is.
pub(crate) enum Client {
    /// In this process.
    Memory(Arc<Cloud>),
    /// Behind its HTTP API.
    Http(Http),
}

/// A call that came to nothing.
pub(crate) enum Trouble {
    /// The request was not sent.
    Unsent(String),
    /// Nobody knows whether it took effect.
    Unknown(String),
}

#[derive(Deserialize)]
struct Page {
    objects: Vec<Shown>,
    next: Option<usize>,
}

impl Client {
    async fn send(&self, request: &Request) -> Result<Answer, Trouble> {
        match self {
            Self::Memory(cloud) => {
                let answer = cloud.serve(request).await;
                answer.ok_or_else(|| Trouble::Unknown("the connection was cut".into()))
            }
            Self::Http(http) => http.send(request).await,
        }
    }

    /// Asks, again where the cloud is out of order.
    async fn ask(&self, request: &Request) -> Result<Answer, Problem> {
        let mut pause = PAUSE;
        for _ in 1..ATTEMPTS {
            match self.send(request).await {
                Ok(answer) if answer.status != 429 && answer.status < 500 => return Ok(answer),
                Ok(answer) => tokio::time::sleep(answer.retry_after.unwrap_or(pause)).await,
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause *= 2;
        }
        match self.send(request).await {
            Ok(answer) if answer.status != 429 && answer.status < 500 => Ok(answer),
            Ok(answer) => Err(Problem::error("The cloud does not answer", message(&answer))),
            Err(Trouble::Unsent(reason) | Trouble::Unknown(reason)) => {
                Err(Problem::error("The cloud does not answer", reason))
            }
        }
    }

    /// Asks for a change, once its name is free.
    async fn change(&self, what: &str, request: &Request) -> Result<Answer, Failure> {
        let begun = Instant::now();
        let answer = loop {
            let answer = self.send(request).await;
            let leaving = matches!(&answer, Ok(answer) if code(answer) == "leaving");
            if !leaving || begun.elapsed() > PATIENCE {
                break answer;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        };
        let (class, detail) = match answer {
            Ok(answer) if answer.status < 400 => return Ok(answer),
            // What is to be deleted is gone already.
            Ok(answer) if answer.status == 404 && request.method() == "DELETE" => {
                return Ok(answer);
            }
            Ok(answer) => {
                let class = match answer.status {
                    429 => FailureClass::Retry(answer.retry_after.unwrap_or(PAUSE)),
                    400..=499 => FailureClass::Fail,
                    _ => FailureClass::Unknown,
                };
                (class, message(&answer))
            }
            Err(Trouble::Unsent(reason)) => (FailureClass::Fail, reason),
            Err(Trouble::Unknown(reason)) => (FailureClass::Unknown, reason),
        };
        Err(Failure { class, problems: vec![Problem::error(what, detail)] })
    }

    /// Makes an object, with its owner's mark where it can carry one.
    pub async fn create(
        &self,
        what: &str,
        collection: Collection,
        attributes: Attributes,
        owner: &Owner,
    ) -> Result<Shown, Failure> {
        let (key, lineage) = (owner.key.to_string(), owner.lineage.to_string());
        let mark = collection.is_marked().then_some(Mark { key, lineage });
        let request = Request::Create { collection, body: Created { mark, attributes } };
        let answer = self.change(what, &request).await?;
        decode(answer.body).map_err(Failure::unknown)
    }

    /// Changes attributes of an object.
    pub async fn update(
        &self,
        what: &str,
        collection: Collection,
        id: &str,
        attributes: Attributes,
    ) -> Result<Shown, Failure> {
        let request = Request::Update { collection, id: id.to_owned(), attributes };
        let answer = self.change(what, &request).await?;
        decode(answer.body).map_err(Failure::unknown)
    }

    /// Deletes an object and waits until it is gone. One that is not there is no failure.
    pub async fn delete(
        &self,
        what: &str,
        collection: Collection,
        id: &str,
    ) -> Result<(), Failure> {
        let request = Request::Delete { collection, id: id.to_owned() };
        let begun = Instant::now();
        self.change(what, &request).await?;
        let request = Request::Read { collection, id: id.to_owned() };
        // What was written is told by reads at last, that it is gone at once.
        while self.ask(&request).await.map_err(Failure::unknown)?.status != 404 {
            if begun.elapsed() > PATIENCE {
                return Err(Failure::unknown(Problem::error(what, "it does not go")));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// What is there; `None` when there is nothing, or it is about to go. As reads may lag behind
    /// writes, that nothing is there is believed only after a while.
    pub async fn read(&self, collection: Collection, id: &str) -> Result<Option<Shown>, Problem> {
        let request = Request::Read { collection, id: id.to_owned() };
        let begun = Instant::now();
        loop {
            let answer = self.ask(&request).await?;
            match answer.status {
                404 if begun.elapsed() > LAG_LIMIT => return Ok(None),
                404 => tokio::time::sleep(LOOK_AGAIN).await,
                200 => {
                    let shown: Shown = decode(answer.body)?;
                    return Ok(Some(shown).filter(|shown| shown.status != Status::Deleting));
                }
                _ => return Err(Problem::error("An object cannot be read", message(&answer))),
            }
        }
    }

    /// Waits until reads tell of a change, so that the next one does not show it undone.
    pub async fn read_until(&self, collection: Collection, changed: &Shown) -> Result<(), Problem> {
        let begun = Instant::now();
        while begun.elapsed() <= LAG_LIMIT {
            let found = self.read(collection, &changed.id).await?;
            if found.is_none_or(|found| found.version >= changed.version) {
                break;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// Waits until a machine is no longer booting; `None` when it is gone.
    pub async fn running(
        &self,
        collection: Collection,
        id: &str,
    ) -> Result<Option<Shown>, Problem> {
        let begun = Instant::now();
        loop {
            match self.read(collection, id).await? {
                Some(shown) if shown.status == Status::Booting => {}
                other => return Ok(other),
            }
            if begun.elapsed() > PATIENCE {
                return Err(Problem::error("The machine does not boot", "it is still booting"));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// All objects of a sort that are there to stay, page by page; with a key, those of its owner.
    pub async fn list(
        &self,
        collection: Collection,
        key: Option<&str>,
    ) -> Result<Vec<Shown>, Problem> {
        let mut found = Vec::new();
        let mut page = Some(0);
        while let Some(number) = page {
            let key = key.map(str::to_owned);
            let answer = self.ask(&Request::List { collection, key, page: number }).await?;
            if answer.status != 200 {
                return Err(Problem::error("Objects cannot be listed", message(&answer)));
            }
            let read: Page = decode(answer.body)?;
            found.extend(read.objects);
            page = read.next;
        }
        found.retain(|shown| shown.status != Status::Deleting);
        Ok(found)
    }
}

fn decode<T: for<'a> Deserialize<'a>>(body: Json) -> Result<T, Problem> {
    serde_json::from_value(body)
        .map_err(|error| Problem::error("The cloud's answer is not understood", error.to_string()))
}

fn code(answer: &Answer) -> &str {
    answer.body["code"].as_str().unwrap_or_default()
}

fn message(answer: &Answer) -> String {
    let message = answer.body["message"].as_str().unwrap_or("it does not say why");
    format!("{message} ({})", answer.status)
}
