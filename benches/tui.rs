//! The terminal program over 10,000 zones with a million record sets (P6): filter, key to frame, catching up with a scan.

mod scale;

use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use zonecut::config::Ui;
use zonecut::engine::progress::Progress;
use zonecut::findings::Survey;
use zonecut::model::inventory::Inventory;
use zonecut::model::text::Untrusted;
use zonecut::tui::known::Known;
use zonecut::tui::launch::{Banner, Launch, Reach, Surroundings};
use zonecut::tui::message::{Message, News};
use zonecut::tui::privacy::Privacy;
use zonecut::tui::state::State;
use zonecut::tui::update::update;
use zonecut::tui::view::view;

const ZONES: usize = 10_000;
const SIZE: (u16, u16) = (120, 36);

struct Stage {
    inventory: Inventory,
    survey: Survey,
    state: State,
    buffer: Buffer,
}

impl Stage {
    fn new() -> Self {
        let mut inventory = scale::inventory(ZONES, 100);
        let survey = Survey::of(&mut inventory);
        let launch = Launch {
            ui: Ui::default(),
            surroundings: Surroundings::default(),
            title: Untrusted::from("bench"),
            banner: Banner::None,
            reach: Reach::Live,
            privacy: Privacy::Shown,
            logins: Vec::new(),
            lock: zonecut::tui::lock::Lock::default(),
            first_run: None,
        };
        let mut stage = Self {
            state: State::new(launch, SIZE, scale::now()),
            buffer: Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1)),
            inventory,
            survey,
        };
        let known = Known {
            inventory: &stage.inventory,
            survey: &stage.survey,
        };
        stage.state.start(known);
        stage.key(KeyCode::Char('1'));
        stage.key(KeyCode::Char('L'));
        stage
    }

    fn tell(&mut self, message: Message) {
        let known = Known {
            inventory: &self.inventory,
            survey: &self.survey,
        };
        update(&mut self.state, known, message);
        self.buffer.reset();
        view(&self.state, known, &mut self.buffer);
    }

    fn key(&mut self, code: KeyCode) {
        self.tell(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    fn learn(&mut self, number: usize) {
        for fact in scale::facts(number, ZONES, 100) {
            self.inventory.apply(fact);
        }
        self.survey.refresh(&mut self.inventory);
    }

    fn tick(&mut self) {
        self.tell(Message::Tick {
            now: scale::now(),
            progress: Progress::default(),
            news: News::Some,
        });
    }
}

fn keys(criterion: &mut Criterion) {
    let mut stage = Stage::new();
    let mut group = criterion.benchmark_group("tui");
    group.sample_size(20).measurement_time(Duration::from_secs(3));
    group.bench_function("a row down, to the frame", |bencher| {
        bencher.iter(|| stage.key(KeyCode::Down))
    });
    group.bench_function("a letter into the filter, to the frame", |bencher| {
        stage.key(KeyCode::Char('/'));
        bencher.iter(|| {
            stage.key(KeyCode::Char('e'));
            stage.key(KeyCode::Backspace);
        });
        stage.key(KeyCode::Esc);
    });
    group.bench_function("catching up with what a scan learned, to the frame", |bencher| {
        bencher.iter(|| stage.tick())
    });
    group.finish();
    percentiles(&mut stage);
}

/// Key to frame while facts come in as fast as a scan of many accounts brings them: a fact before each key, a tick every 20.
fn percentiles(stage: &mut Stage) {
    let script = [
        KeyCode::Down,
        KeyCode::PageDown,
        KeyCode::Char('/'),
        KeyCode::Char('z'),
        KeyCode::Char('1'),
        KeyCode::Backspace,
        KeyCode::Esc,
        KeyCode::Char('}'),
        KeyCode::Char('x'),
        KeyCode::Char('x'),
    ];
    let mut times: Vec<Duration> = Vec::new();
    for (step, code) in script.into_iter().cycle().take(2_000).enumerate() {
        let start = Instant::now();
        stage.learn(step % ZONES);
        if step % 20 == 0 {
            stage.tick();
        }
        stage.key(code);
        times.push(start.elapsed());
    }
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 1_000).copied().unwrap_or_default();
    let line = format!(
        "key to frame with facts coming in: p50 {:?}  p99 {:?}  max {:?}",
        at(500),
        at(990),
        at(999)
    );
    report(&line);
}

#[expect(clippy::print_stdout, reason = "a benchmark tells its figures")]
fn report(line: &str) {
    println!("{line}");
}

criterion_group!(benches, keys);
criterion_main!(benches);
