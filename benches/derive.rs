//! Cuts and findings (P7), and the cache (P6): 10,000 zones with a million record sets, 100,000 zones, one zone's change.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot begin has nothing to say")]

mod scale;

use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use zonecut::findings::Survey;
use zonecut::model::account::AccountIx;
use zonecut::model::inventory::Inventory;
use zonecut::store::cache::{Cache, CacheKey};

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

criterion_group!(benches, surveys, one_change, cache);
criterion_main!(benches);
