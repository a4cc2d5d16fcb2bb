//! What requests do.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::object::{Object, Revision};
use super::{
    Answer, Attributes, Collection, Conditions, Created, Model, Request, Shown, Status, between,
};

/// What a request did: its answer, and the object that it changed.
type Done = (Answer, Option<String>);

impl Model {
    /// Performs a request now.
    pub(super) fn perform(&mut self, with: &Conditions, now: Duration, request: &Request) -> Done {
        match request {
            Request::Create { collection, body } => self.create(with, now, *collection, body),
            Request::Read { collection, id } => {
                let seen = self.objects.get(*collection, id).and_then(|object| object.read(now));
                (seen.map_or_else(missing, |seen| shown(200, &seen)), None)
            }
            Request::List { collection, key, page } => {
                (self.list(with, now, *collection, key.as_deref(), *page), None)
            }
            Request::Update { collection, id, attributes } => {
                self.update(with, now, *collection, id, attributes)
            }
            Request::Delete { collection, id } => self.delete(with, now, *collection, id),
        }
    }

    fn create(
        &mut self,
        with: &Conditions,
        now: Duration,
        collection: Collection,
        body: &Created,
    ) -> Done {
        if let Some(refusal) = self.refusal(now, collection, None, &body.attributes) {
            return (refusal, None);
        }
        let quota = with.quota.get(&collection);
        if quota.is_some_and(|quota| self.objects.all(collection).count() >= *quota) {
            let message = format!("no more {} are allowed", collection.as_str());
            return (Answer::refusal(403, "quota", message), None);
        }
        self.made += 1;
        let id = format!("{}-{:06}", &collection.as_str()[..3], self.made);
        let mut attributes = body.attributes.clone();
        let address =
            format!("10.{}.{}.{}", self.made >> 16, self.made >> 8 & 255, self.made & 255);
        match collection {
            Collection::Machines => attributes.insert("address".into(), address.into()),
            Collection::Addresses => attributes.insert("ip".into(), address.into()),
            Collection::Volumes => None,
        };
        let boot = if collection == Collection::Machines { with.boot } else { Duration::ZERO };
        let object = Object {
            id: id.clone(),
            collection,
            mark: body.mark.clone().filter(|_| collection.is_marked()),
            runs_from: now + boot,
            gone_from: None,
            revisions: vec![self.revision(with, now, attributes)],
        };
        let answer = object.now(now).map_or_else(missing, |made| shown(201, &made));
        self.objects.put(object);
        (answer, Some(id))
    }

    fn revision(&mut self, with: &Conditions, now: Duration, attributes: Attributes) -> Revision {
        self.version += 1;
        let mut from = || now + between(&mut self.random, Duration::ZERO, with.lag);
        Revision { version: self.version, attributes, read_from: from(), listed_from: from() }
    }

    fn list(
        &self,
        with: &Conditions,
        now: Duration,
        collection: Collection,
        key: Option<&str>,
        page: usize,
    ) -> Answer {
        let fits = |seen: &Shown| {
            key.is_none_or(|key| seen.mark.as_ref().is_some_and(|mark| mark.key == key))
        };
        let seen =
            self.objects.all(collection).filter_map(|object| object.listed(now)).filter(fits);
        let size = with.page.max(1);
        let mut objects: Vec<Shown> =
            seen.skip(page.saturating_mul(size)).take(size.saturating_add(1)).collect();
        let next = (objects.len() > size).then_some(page + 1);
        objects.truncate(size);
        Answer::new(200, json!({ "objects": objects, "next": next }))
    }

    fn update(
        &mut self,
        with: &Conditions,
        now: Duration,
        collection: Collection,
        id: &str,
        changes: &Attributes,
    ) -> Done {
        let current = self.objects.get(collection, id).filter(|object| object.gone_from.is_none());
        let Some(last) = current.and_then(|object| object.revisions.last()) else {
            return (missing(), None);
        };
        let mut attributes = last.attributes.clone();
        attributes.extend(changes.clone());
        attributes.retain(|_, value| !value.is_null());
        let size = |attributes: &Attributes| attributes.get("size").and_then(Json::as_u64);
        let shrinks =
            collection == Collection::Volumes && size(&attributes) < size(&last.attributes);
        if shrinks {
            return (Answer::refusal(422, "smaller", "a volume cannot shrink"), None);
        }
        if let Some(refusal) = self.refusal(now, collection, Some(id), &attributes) {
            return (refusal, None);
        }
        let revision = self.revision(with, now, attributes);
        let Some(mut object) = self.objects.remove(collection, id) else {
            return (missing(), None);
        };
        object.revisions.push(revision);
        let answer = object.now(now).map_or_else(missing, |changed| shown(200, &changed));
        self.objects.put(object);
        (answer, Some(id.to_owned()))
    }

    fn delete(
        &mut self,
        with: &Conditions,
        now: Duration,
        collection: Collection,
        id: &str,
    ) -> Done {
        if self.objects.get(collection, id).is_none() {
            return (missing(), None);
        }
        let volumes = self.objects.belonging(id, Collection::Volumes);
        let present = |id: &String| {
            let volume = self.objects.get(Collection::Volumes, id);
            volume.is_some_and(|volume| volume.gone_from.is_none())
        };
        if volumes.iter().any(present) {
            return (Answer::refusal(409, "in_use", "a volume belongs to the machine"), None);
        }
        // Addresses stay, and belong to nobody then.
        for address in self.objects.belonging(id, Collection::Addresses) {
            let none = Attributes::from_iter([("machine".to_owned(), Json::Null)]);
            self.update(with, now, Collection::Addresses, &address, &none);
        }
        let Some(mut object) = self.objects.remove(collection, id) else {
            return (missing(), None);
        };
        object.gone_from.get_or_insert(now + with.deletion);
        self.objects.put(object);
        self.objects.forget_the_gone(now);
        (Answer::new(202, Json::Null), Some(id.to_owned()))
    }

    /// Why attributes cannot be those of an object.
    fn refusal(
        &self,
        now: Duration,
        collection: Collection,
        id: Option<&str>,
        attributes: &Attributes,
    ) -> Option<Answer> {
        let name = attributes.get("name").and_then(Json::as_str);
        let name = name.filter(|_| collection.has_unique_names());
        let holder = name.and_then(|name| self.objects.named(collection, name));
        if let Some(holder) = holder.filter(|holder| Some(&*holder.id) != id) {
            let leaving = holder.status(now) == Status::Deleting;
            let code = if leaving { "leaving" } else { "taken" };
            let message = format!("`{}` has this name", holder.id);
            return Some(Answer::refusal(409, code, message));
        }
        let machine = attributes.get("machine").and_then(Json::as_str)?;
        let present = self.objects.get(Collection::Machines, machine);
        if present.is_some_and(|machine| machine.gone_from.is_none()) {
            return None;
        }
        let message = format!("there is no machine `{machine}`");
        Some(Answer::refusal(422, "no_machine", message))
    }
}

fn shown(status: u16, object: &Shown) -> Answer {
    Answer::new(status, json!(object))
}

fn missing() -> Answer {
    Answer::refusal(404, "missing", "there is no such object")
}
