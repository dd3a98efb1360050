//! Opens the terminal program over the demo, to be looked at: `cargo test --test it tui::look -- --ignored --nocapture`.

use zonecut::engine::command::Command;
use zonecut::engine::progress::Progress;
use zonecut::findings::Survey;
use zonecut::model::inventory::Inventory;
use zonecut::tui::launch::Scan;
use zonecut::tui::{Desk, Surroundings, run};

use super::stage;

struct Still(stage::Base);

impl Scan for Still {
    fn inventory(&self) -> &Inventory {
        &self.0.inventory
    }

    fn survey(&self) -> &Survey {
        &self.0.survey
    }

    fn progress(&self) -> Progress {
        Progress::default()
    }

    async fn learn(&mut self) {
        std::future::pending().await
    }

    fn ask(&mut self, _: Command) {}
}

#[test]
#[ignore = "it wants a terminal and a person"]
fn the_demo_can_be_looked_at() {
    let mut launch = stage::launch();
    launch.surroundings = Surroundings::of(|name| std::env::var(name).ok());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let scan = Still(stage::demo());
    let (exit, _) = runtime
        .block_on(run(launch, scan, Desk::closed(), None, None))
        .expect("a terminal");
    assert_eq!(exit, zonecut::tui::Exit::Quit);
}
