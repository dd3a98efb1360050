//! Cuts and findings (P7), memory and the cache (P6): 10,000 zones with a million record sets, 100,000 zones, one zone's
//! change. Two figures that no benchmark of one function gives are printed first: the memory held, and how time grows.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints figures, and one that cannot begin has none"
)]

mod scale;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use zonecut::findings::Survey;
use zonecut::model::account::AccountIx;
use zonecut::model::inventory::Inventory;
use zonecut::store::cache::{Cache, CacheKey};

/// What 10,000 zones with a million record sets and all findings take (at most 200 MiB); Linux alone says it.
fn memory(_: &mut Criterion) {
    let Some(before) = resident() else { return };
    let mut inventory = scale::inventory(10_000, 100);
    let survey = Survey::of(&mut inventory);
    if let Some(after) = resident() {
        let held = after.saturating_sub(before) / 1024;
        println!(
            "memory of 10000 zones of 100 record sets with {} findings: {held} MiB",
            survey.findings().count()
        );
    }
}

/// The resident memory in KiB.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// How many times as long 100,000 zones take as 10,000 (at most 11), in turns, with caches that hold neither and with
/// caches as a copy of the inventory leaves them, where the smaller one may still be.
fn growth(_: &mut Criterion) {
    let sizes = [10_000, 100_000].map(|zones| scale::inventory(zones, 10));
    for (what, caches) in [("cold", 128 << 20), ("as they are", 0)] {
        let mut best = [Duration::MAX; 2];
        for _ in 0..7 {
            for (inventory, best) in sizes.iter().zip(&mut best) {
                let mut inventory = inventory.clone();
                black_box(vec![1_u8; caches]);
                let start = Instant::now();
                let survey = Survey::of(&mut inventory);
                *best = (*best).min(start.elapsed());
                drop(survey);
            }
        }
        let [small, large] = best;
        let times = large.as_secs_f64() / small.as_secs_f64();
        println!(
            "survey of 10000 and of 100000 zones, caches {what}: {small:.2?}, {large:.2?}, {times:.1} times as long"
        );
    }
}

fn surveys(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("survey");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    for (zones, records) in [(10_000, 100), (10_000, 10), (100_000, 10)] {
        let inventory = scale::inventory(zones, records);
        group.bench_function(format!("{zones} zones of {records} record sets"), |bencher| {
            bencher.iter_batched_ref(|| inventory.clone(), Survey::of, BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn one_change(criterion: &mut Criterion) {
    let mut inventory = scale::inventory(10_000, 100);
    let mut survey = Survey::of(&mut inventory);
    for (what, number) in [("leaf", 101), ("parent of 49", 100)] {
        criterion.bench_function(&format!("survey/one {what} changes among 10000"), |bencher| {
            bencher.iter_batched(
                || scale::facts(number, 10_000, 100),
                |facts| {
                    facts.into_iter().for_each(|fact| inventory.apply(fact));
                    survey.refresh(&mut inventory);
                },
                BatchSize::PerIteration,
            );
        });
    }
}

fn cache(criterion: &mut Criterion) {
    let inventory = scale::inventory(10_000, 100);
    let place = tempfile::tempdir().unwrap();
    let cache = Cache::open(&place.path().join("cache")).unwrap();
    let keys: Vec<(AccountIx, CacheKey)> = inventory
        .accounts_with_places()
        .map(|(place, _)| {
            let account = format!("{:012}", place.0).parse().unwrap();
            (
                place,
                CacheKey {
                    account,
                    endpoint: None,
                },
            )
        })
        .collect();
    let mut group = criterion.benchmark_group("cache");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.bench_function("save 10000 zones of 100 record sets", |bencher| {
        bencher.iter(|| {
            for (place, key) in &keys {
                cache.save(key, &inventory, *place, scale::now()).unwrap();
            }
        });
    });
    group.bench_function("load 10000 zones of 100 record sets", |bencher| {
        bencher.iter(|| {
            let mut loaded = Inventory::new(inventory.accounts().to_vec());
            for (place, key) in &keys {
                let cached = cache
                    .load(key, *place, scale::now(), Duration::from_secs(60))
                    .unwrap()
                    .unwrap();
                cached.facts.into_iter().for_each(|fact| loaded.apply(fact));
            }
            assert_eq!(loaded.zone_count(), 10_000);
            loaded
        });
    });
    group.finish();
}

criterion_group!(benches, memory, growth, surveys, one_change, cache);
criterion_main!(benches);
