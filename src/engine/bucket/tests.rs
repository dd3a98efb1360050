//! The bucket before a server that throttles by chance, by a limit, or on behalf of somebody else.

use super::*;

fn limits(rps: f64, burst: u32) -> Limits {
    Limits {
        rps,
        burst,
        ..Limits::default()
    }
}

fn random() -> fastrand::Rng {
    fastrand::Rng::with_seed(5)
}

/// How many requests a server answers, and what it is that throttles them.
struct Server {
    tokens: f64,
    per_second: f64,
    updated: Instant,
    chance: f64,
    /// What another client asks for a second, and the parts of requests it still owes.
    other: f64,
    owed: f64,
    random: fastrand::Rng,
    other_refused: u32,
    other_asked: u32,
}

impl Server {
    fn new(chance: f64, other: f64, now: Instant) -> Self {
        Self {
            tokens: 50.0,
            per_second: 10.0,
            updated: now,
            chance,
            other,
            owed: 0.0,
            random: fastrand::Rng::with_seed(3),
            other_refused: 0,
            other_asked: 0,
        }
    }

    /// Lets the other client have its turns up to now, each at its time.
    fn pass(&mut self, now: Instant) {
        let steps = 20;
        let each = (now - self.updated).as_secs_f64() / f64::from(steps);
        self.updated = now;
        for _ in 0..steps {
            self.tokens = (self.tokens + each * self.per_second).min(50.0);
            self.owed += each * self.other * self.random.f64() * 2.0;
            if self.owed >= 1.0 {
                self.owed -= 1.0;
                self.other_asked += 1;
                self.other_refused += u32::from(!self.grant());
            }
        }
    }

    fn grant(&mut self) -> bool {
        let is_granted = self.tokens >= 1.0;
        if is_granted {
            self.tokens -= 1.0;
        }
        is_granted
    }

    fn answer(&mut self, now: Instant) -> Heard {
        self.pass(now);
        if self.grant() && self.random.f64() >= self.chance {
            Heard::LetThrough
        } else {
            Heard::Throttled
        }
    }
}

/// Asks as fast as the bucket lets; says when each request was sent, and how many were let through.
fn ask(bucket: &mut Bucket, server: &mut Server, start: Instant, span: Duration) -> (Vec<Instant>, u32) {
    let mut now = start;
    let (mut sent, mut through) = (Vec::new(), 0);
    while now < start + span {
        match bucket.take(now) {
            Ok(stretch) => {
                sent.push(now);
                let heard = server.answer(now);
                through += u32::from(heard == Heard::LetThrough);
                bucket.answered(stretch, heard, now);
                // The next one follows at least so much later: a connection carries one after the other.
                now += Duration::from_millis(10);
            }
            Err(at) => now = at,
        }
    }
    (sent, through)
}

fn keeps_to(sent: &[Instant], rate: f64, burst: f64) {
    for (first, from) in sent.iter().enumerate() {
        for (last, to) in sent.iter().enumerate().skip(first) {
            let allowed = burst + rate * (*to - *from).as_secs_f64() + 1e-3;
            assert!((last - first + 1) as f64 <= allowed);
        }
    }
}

#[test]
fn no_span_of_time_sees_more_than_the_burst_and_the_rate() {
    for chance in [0.0, 0.2, 0.8] {
        let start = Instant::now();
        let mut bucket = Bucket::new(&limits(8.0, 40), random(), start);
        let mut server = Server::new(chance, 0.0, start);
        let (sent, _) = ask(&mut bucket, &mut server, start, Duration::from_secs(60));
        keeps_to(&sent, 8.0, 40.0);
    }
}

#[test]
fn what_is_throttled_by_chance_slows_nobody_down() {
    for chance in [0.05, 0.2, 0.5, 0.8] {
        let start = Instant::now();
        let mut bucket = Bucket::new(&limits(10.0, 50), random(), start);
        let mut server = Server::new(chance, 0.0, start);
        let (sent, _) = ask(&mut bucket, &mut server, start, Duration::from_secs(120));
        let allowed = 50 + 10 * 120;
        assert!(sent.len() * 10 >= allowed * 9, "{chance}: {} of {allowed}", sent.len());
        keeps_to(&sent, 10.0, 50.0);
    }
}

#[test]
fn a_client_that_uses_half_of_the_account_is_given_room_and_its_going_is_noticed() {
    let start = Instant::now();
    let mut bucket = Bucket::new(&limits(10.0, 50), random(), start);
    let mut server = Server::new(0.0, 5.0, start);
    // The burst passes, and the first verdict is in.
    ask(&mut bucket, &mut server, start, Duration::from_secs(20));
    (server.other_asked, server.other_refused) = (0, 0);
    let from = start + Duration::from_secs(20);
    let (sent, through) = ask(&mut bucket, &mut server, from, Duration::from_secs(100));
    assert!(
        sent.len() < 850,
        "{} requests in 100 s of a full rate of 1,000",
        sent.len()
    );
    assert!(through > 450, "{through} let through, where 500 are our half");
    assert!(
        server.other_refused * 3 < server.other_asked,
        "{} of {} refused",
        server.other_refused,
        server.other_asked
    );
    server.other = 0.0;
    let from = start + Duration::from_secs(120);
    ask(&mut bucket, &mut server, from, Duration::from_secs(20));
    assert!((bucket.rate() - 10.0).abs() < 1e-9, "{}", bucket.rate());
}

#[test]
fn a_limit_below_the_configured_rate_is_found_and_kept_to() {
    let start = Instant::now();
    let mut bucket = Bucket::new(&limits(10.0, 50), random(), start);
    let mut server = Server::new(0.0, 0.0, start);
    server.per_second = 4.0;
    ask(&mut bucket, &mut server, start, Duration::from_secs(30));
    let from = start + Duration::from_secs(30);
    let (sent, through) = ask(&mut bucket, &mut server, from, Duration::from_secs(60));
    assert!(through >= 228, "{through} of 240");
    assert!(through * 3 > sent.len() as u32 * 2, "{through} of {}", sent.len());
}

#[test]
fn an_account_that_lets_nothing_through_is_asked_ever_more_rarely() {
    let start = Instant::now();
    let mut bucket = Bucket::new(&limits(8.0, 40), random(), start);
    let mut server = Server::new(1.0, 0.0, start);
    ask(&mut bucket, &mut server, start, Duration::from_secs(120));
    assert!(bucket.rate() <= 8.0 / 4.0, "{}", bucket.rate());
    assert!(bucket.refused_in_a_row() > 100);
}

#[test]
fn a_full_bucket_refills_only_once_the_first_answer_is_in() {
    let start = Instant::now();
    let mut bucket = Bucket::new(&limits(10.0, 2), random(), start);
    assert!(bucket.take(start).is_ok());
    assert!(bucket.take(start).is_ok());
    let answer = start + Duration::from_millis(300);
    assert!(bucket.take(answer).is_err(), "the first request may still be under way");
    bucket.answered(Stretch::None, Heard::LetThrough, answer);
    assert!(bucket.take(answer + Duration::from_millis(99)).is_err());
    assert!(bucket.take(answer + Duration::from_millis(101)).is_ok());
}
