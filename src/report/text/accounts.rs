//! `zonecut accounts` for people.

use crate::report::accounts::{AccountsReport, Login};
use crate::report::columns::{Cell, Row, align};
use crate::report::outside::Outside;
use crate::report::paint::Style;

use super::{count, or_dash, paint};

/// Writes the logins.
pub fn accounts(report: &AccountsReport, style: Style) -> String {
    let rows: Vec<Row> = report.accounts.iter().map(|login| row(login, style)).collect();
    let mut out = align(&rows);
    let ready = report.accounts.iter().filter(|login| login.is_ready()).count();
    out.push_str(&format!(
        "{ready} of {} ready\n",
        count(report.accounts.len(), "account")
    ));
    for login in report.accounts.iter().filter(|login| !login.is_ready()) {
        out.push_str(&trouble(login, style));
    }
    for login in &report.accounts {
        if let Some(other) = &login.same_as {
            out.push_str(&format!(
                "{} is the same account as {}: merged, read once\n",
                style.outside(&login.name),
                style.outside(other)
            ));
        }
    }
    if let Some(endpoint) = &report.endpoint_override {
        let warning = report.backdrop.warning(&style.outside(endpoint));
        out.push_str(&paint(&warning, style.alarm()));
        out.push('\n');
    }
    out
}

fn row(login: &Login, style: Style) -> Row {
    let shown = |text: &Option<Outside>| text.as_ref().map_or_else(String::new, |t| style.outside(t));
    let env = shown(&login.env);
    let painted = style.env(&env);
    let color = if login.is_ready() { None } else { style.alarm() };
    vec![
        style.outside(&login.name).into(),
        Cell::painted(env, painted),
        login.id.clone().unwrap_or_else(|| "?".to_owned()).into(),
        or_dash(shown(&login.profile)).into(),
        style.outside(&login.how).into(),
        Cell::painted(login.status, color),
        login
            .expected_zones
            .map_or_else(|| "?".to_owned(), |n| n.to_string())
            .into(),
        shown(&login.arn).into(),
    ]
}

fn trouble(login: &Login, style: Style) -> String {
    let error = login
        .error
        .as_ref()
        .map_or_else(|| login.status.to_owned(), |e| style.outside(e));
    let mut out = format!("{}: {error}\n", style.outside(&login.name));
    if let Some(remedy) = &login.remedy {
        out.push_str(&format!("  run: {}\n", style.outside(remedy)));
    }
    if let Some(request) = &login.request_id {
        out.push_str(&format!("  request id: {}\n", style.outside(request)));
    }
    out
}
