//! Plans of 1,000, 10,000 and 100,000 resources: `cargo bench --package planfit-benches`, or `-- read`, `-- evaluate`.
//!
//! `read` is reading against the least that can be done with the bytes; `ignored_any`, serde passing over the whole file,
//! is the baseline of the budgets. `evaluate` is the whole pack on a workspace that is made anew for each run, outside of
//! the measured time: values are opened when policies ask, and that belongs to judging.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use planfit_benches::pipeline::{self, Pack};
use planfit_benches::plan::Variant;
use serde::de::IgnoredAny;

fn read(criterion: &mut Criterion) {
    let pack = Pack::load();
    for resources in [1_000, 10_000, 100_000] {
        let bytes = pipeline::bytes(Variant::Steady, resources);
        let mut group = criterion.benchmark_group("read");
        group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_with_input(BenchmarkId::new("byte_sum", resources), &bytes, |bencher, bytes| {
            bencher.iter(|| black_box(bytes).iter().map(|byte| u64::from(*byte)).sum::<u64>());
        });
        group.bench_with_input(BenchmarkId::new("ignored_any", resources), &bytes, |bencher, bytes| {
            bencher.iter(|| serde_json::from_slice::<IgnoredAny>(black_box(bytes)).is_ok());
        });
        let text = pipeline::text(bytes);
        group.bench_with_input(BenchmarkId::new("document", resources), &text, |bencher, text| {
            bencher.iter(|| pipeline::read(black_box(text)));
        });
        group.bench_with_input(BenchmarkId::new("workspace", resources), &text, |bencher, text| {
            let shared = pack.shared();
            bencher.iter(|| pipeline::workspace(black_box(text), &shared).map(|workspace| workspace.objects.len()));
        });
        group.finish();
    }
}

fn evaluate(criterion: &mut Criterion) {
    let pack = Pack::load();
    for (name, variant) in [("steady", Variant::Steady), ("first_apply", Variant::FirstApply)] {
        for resources in [1_000, 10_000, 100_000] {
            let text = pipeline::text(pipeline::bytes(variant, resources));
            for threads in [1, 2] {
                let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build() else {
                    continue;
                };
                let mut group = criterion.benchmark_group(format!("evaluate_{name}"));
                group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
                group.throughput(Throughput::Elements(resources as u64));
                let id = BenchmarkId::new(format!("{threads}_threads"), resources);
                group.bench_with_input(id, &text, |bencher, text| {
                    let shared = pack.shared();
                    bencher.iter_batched(
                        || pipeline::workspace(text, &shared),
                        |workspace| {
                            let judged = workspace.as_ref().map(|workspace| pool.install(|| pack.judge(workspace)));
                            black_box(judged.map(|judged| judged.findings.len()));
                            workspace
                        },
                        BatchSize::PerIteration,
                    );
                });
                group.finish();
            }
        }
    }
}

criterion_group!(benches, read, evaluate);
criterion_main!(benches);
