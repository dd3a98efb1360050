//! Tags of hosted zones.

use super::operation::{Answer, Tag, TagTargets};
use super::{ApiError, Call};
use crate::sim::world::World;

/// The most resources that `ListTagsForResources` takes.
const RESOURCES_PER_REQUEST: usize = 10;

impl World {
    /// `ListTagsForResource` and `ListTagsForResources`.
    pub fn list_tags(&self, call: Call, kind: &str, targets: &TagTargets) -> Result<Answer, ApiError> {
        let (ids, several) = match targets {
            TagTargets::One(id) => (std::slice::from_ref(id), false),
            TagTargets::Several(ids) => (ids.as_slice(), true),
        };
        if ids.is_empty() || ids.len() > RESOURCES_PER_REQUEST {
            let text = format!("The request takes 1 to {RESOURCES_PER_REQUEST} resource ids");
            return Err(ApiError::invalid_input(text));
        }
        let tagged = ids
            .iter()
            .map(|id| self.tags_of(call, kind, id))
            .collect::<Result<_, _>>()?;
        Ok(Answer::Tags {
            kind: kind.to_owned(),
            tagged,
            several,
        })
    }

    fn tags_of(&self, call: Call, kind: &str, id: &str) -> Result<(String, Vec<Tag>), ApiError> {
        check_kind(kind)?;
        let zone = self.zone_of(call, id)?;
        let tags = zone.tags.iter().map(|(key, value)| Tag {
            key: key.clone(),
            value: value.clone(),
        });
        Ok((zone.id.to_string(), tags.collect()))
    }

    /// `ChangeTagsForResource`.
    pub fn change_tags(
        &mut self,
        call: Call,
        kind: &str,
        id: &str,
        add: &[Tag],
        remove: &[String],
    ) -> Result<(), ApiError> {
        check_kind(kind)?;
        let id = self.zone_id_of(call, id)?;
        let zone = self.zone_mut(call, &id)?;
        for key in remove {
            zone.tags.remove(key);
        }
        for tag in add {
            zone.tags.insert(tag.key.clone(), tag.value.clone());
        }
        Ok(())
    }
}

fn check_kind(kind: &str) -> Result<(), ApiError> {
    match kind {
        "hostedzone" => Ok(()),
        "healthcheck" => Err(ApiError::new(
            404,
            "NoSuchHealthCheck",
            "There are no health checks here.",
        )),
        _ => Err(ApiError::invalid_input(format!("Invalid resource type: {kind}"))),
    }
}
