//! What the raw body of an answer tells by itself: whether it is whole, and the code of an error.
//!
//! A connection that is closed too early can leave a list that parses as a complete one, so the end is looked at here.

/// Whether an XML document ends with the end of its root element.
pub(super) fn is_whole(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else {
        return false;
    };
    let (Some(root), text) = (root_name(text), text.trim_end()) else {
        return false;
    };
    let closed = text
        .strip_suffix('>')
        .and_then(|t| t.trim_end().strip_suffix(root))
        .is_some_and(|t| t.ends_with("</"));
    closed || is_one_empty_element(text, root)
}

/// The name of the root element, with its prefix.
pub(super) fn root_name(text: &str) -> Option<&str> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    loop {
        rest = if rest.starts_with("<?") {
            rest.split_once("?>")?.1.trim_start()
        } else if rest.starts_with("<!--") {
            rest.split_once("-->")?.1.trim_start()
        } else {
            break;
        };
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')?;
    let (name, _) = name.split_at_checked(end)?;
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(&b));
    plain.then_some(name)
}

fn is_one_empty_element(text: &str, root: &str) -> bool {
    let Some(start) = text.rfind('<') else { return false };
    let element = text.split_at_checked(start).map_or("", |(_, element)| element);
    element.ends_with("/>") && root_name(element) == Some(root) && text.matches(&format!("<{root}")).count() == 1
}

/// The code and message of an error body, in the wrapped form or in the bare one of before 2024.
pub(super) fn error_of(body: &[u8]) -> Option<(String, Option<String>)> {
    let text = std::str::from_utf8(body).ok()?;
    let root = root_name(text)?;
    let message = message(text);
    if let Some(code) = element(text, "Code") {
        return Some((code.trim().to_owned(), message));
    }
    let is_code = root.len() > 4 && root.starts_with(|c: char| c.is_ascii_uppercase()) && !root.ends_with("Response");
    is_code.then(|| (root.to_owned(), message))
}

/// The message; several of them in the form of the one that stands for them today: `[this, that]`.
fn message(text: &str) -> Option<String> {
    let mut messages: Vec<String> = text
        .split("<Message>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</Message>"))
        .map(|(message, _)| unescape(message))
        .collect();
    match messages.len() {
        0 | 1 => messages.pop(),
        _ => Some(format!("[{}]", messages.join(", "))),
    }
}

/// The text of the first element of that name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(inner, _)| inner)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "<?xml version=\"1.0\"?>\n<ListHostedZonesResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">\
        <HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>a.example.</Name></HostedZone></HostedZones>\
        <IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesResponse>";

    #[test]
    fn no_part_of_a_document_is_whole() {
        assert!(is_whole(LIST.as_bytes()));
        assert!(is_whole(format!("{LIST}\n").as_bytes()));
        for cut in 0..LIST.len() {
            assert!(!is_whole(&LIST.as_bytes()[..cut]), "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_xml_is_not_whole() {
        for text in [
            "",
            " ",
            "{}",
            "<",
            "<a",
            "<a>",
            "</a>",
            "OK",
            "<a/><b></c>",
            "<?xml?>",
            "<!-- x -->",
            "<a><a/>",
        ] {
            assert!(!is_whole(text.as_bytes()), "{text}");
        }
        assert!(is_whole(b"<a/>"));
        assert!(is_whole(b"<a x='1' />"));
        assert!(!is_whole(b"<a>\xff</a>"));
    }

    #[test]
    fn both_forms_of_an_error_give_their_code() {
        let wrapped = "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate &amp; more</Message>\
                       </Error></ErrorResponse>";
        assert_eq!(
            error_of(wrapped.as_bytes()),
            Some(("Throttling".into(), Some("Rate & more".into())))
        );
        let bare = "<?xml version=\"1.0\"?><PriorRequestNotComplete><Message>wait</Message></PriorRequestNotComplete>";
        assert_eq!(
            error_of(bare.as_bytes()),
            Some(("PriorRequestNotComplete".into(), Some("wait".into())))
        );
        let several = "<InvalidChangeBatch><Messages><Message>Tried a</Message><Message>Tried b</Message></Messages>\
                       </InvalidChangeBatch>";
        assert_eq!(
            error_of(several.as_bytes()),
            Some(("InvalidChangeBatch".into(), Some("[Tried a, Tried b]".into())))
        );
        for text in ["<html><body>502</body></html>", "", "no", "<ListHostedZonesResponse/>"] {
            assert_eq!(error_of(text.as_bytes()), None, "{text}");
        }
    }
}
