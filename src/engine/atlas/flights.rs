//! What is being asked for, and by whom: whoever needs the same waits for it to land.
//!
//! Invariant: nobody waits for what, directly or by way of others, waits for him; he then goes alone.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::model::name::DnsName;

/// Something that several may need.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Errand {
    /// The way from a zone towards a name one label below it.
    Way(DnsName, DnsName),
    /// The addresses of a name server.
    Server(DnsName),
}

/// One walk with all that it looks up on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::engine) struct Traveller(u64);

/// All errands that somebody is on.
#[derive(Debug, Default)]
pub(in crate::engine) struct Flights {
    travellers: AtomicU64,
    board: Mutex<Board>,
}

#[derive(Debug, Default)]
struct Board {
    under_way: HashMap<Errand, UnderWay>,
    waiting: HashMap<Traveller, Vec<Errand>>,
}

#[derive(Debug)]
struct UnderWay {
    by: Traveller,
    landed: watch::Receiver<()>,
}

/// Whether an errand is one's own.
pub(in crate::engine) enum Boarding<'a> {
    /// Nobody else is on it: others wait until this is dropped.
    Own(Flight<'a>),
    /// Somebody is on it who waits for the asking one: no use in waiting for him.
    Alone,
    /// Somebody was on it, and is done.
    Landed,
}

/// An errand that others wait for until this is dropped.
pub(in crate::engine) struct Flight<'a> {
    flights: &'a Flights,
    errand: Errand,
    /// Closes the receivers of those who wait.
    _landing: watch::Sender<()>,
}

/// Stands for one who waits, as long as he does.
struct Waiting<'a> {
    flights: &'a Flights,
    traveller: Traveller,
    errand: &'a Errand,
}

impl Flights {
    /// A new traveller.
    pub(in crate::engine) fn traveller(&self) -> Traveller {
        Traveller(self.travellers.fetch_add(1, Ordering::Relaxed))
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on an errand, or waits for the one who is on it.
    pub(in crate::engine) async fn embark(&self, traveller: Traveller, errand: &Errand) -> Boarding<'_> {
        let (mut landed, _waiting) = {
            let mut board = self.board();
            let Some(under_way) = board.under_way.get(errand) else {
                let (landing, landed) = watch::channel(());
                board
                    .under_way
                    .insert(errand.clone(), UnderWay { by: traveller, landed });
                return Boarding::Own(Flight {
                    flights: self,
                    errand: errand.clone(),
                    _landing: landing,
                });
            };
            let landed = under_way.landed.clone();
            if board.waits_for(errand, traveller) {
                return Boarding::Alone;
            }
            board.waiting.entry(traveller).or_default().push(errand.clone());
            let waiting = Waiting {
                flights: self,
                traveller,
                errand,
            };
            (landed, waiting)
        };
        // Nothing is ever sent: the channel closes when the flight lands.
        let _ = landed.changed().await;
        Boarding::Landed
    }
}

impl Board {
    /// Whether an errand is that of a traveller, or waits for him.
    fn waits_for(&self, errand: &Errand, traveller: Traveller) -> bool {
        let mut seen = Vec::new();
        let mut next = vec![errand];
        while let Some(errand) = next.pop() {
            let Some(under_way) = self.under_way.get(errand) else {
                continue;
            };
            if under_way.by == traveller {
                return true;
            }
            if !seen.contains(&under_way.by) {
                seen.push(under_way.by);
                next.extend(self.waiting.get(&under_way.by).into_iter().flatten());
            }
        }
        false
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.flights.board().under_way.remove(&self.errand);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut board = self.flights.board();
        if let Some(errands) = board.waiting.get_mut(&self.traveller) {
            if let Some(place) = errands.iter().position(|errand| errand == self.errand) {
                errands.swap_remove(place);
            }
            if errands.is_empty() {
                board.waiting.remove(&self.traveller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    fn server(name: &str) -> Errand {
        Errand::Server(name.parse().expect("a name"))
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_needs_the_same_waits_until_it_lands_or_is_given_up() {
        let flights = Arc::new(Flights::default());
        let (one, other) = (flights.traveller(), flights.traveller());
        let errand = server("ns.example.com");
        let Boarding::Own(flight) = flights.embark(one, &errand).await else {
            panic!("nobody is on it")
        };
        let waiting = async {
            let landed = matches!(flights.embark(other, &errand).await, Boarding::Landed);
            (landed, matches!(flights.embark(other, &errand).await, Boarding::Own(_)))
        };
        let landing = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(flight);
        };
        assert_eq!(tokio::join!(waiting, landing).0, (true, true));
        assert!(flights.board().under_way.is_empty() && flights.board().waiting.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_one_who_waits_for_him() {
        let flights = Arc::new(Flights::default());
        let [a, b, c] = [(); 3].map(|()| flights.traveller());
        let (of_a, of_b, of_c) = (server("a"), server("b"), server("c"));
        let _a = flights.embark(a, &of_a).await;
        let _b = flights.embark(b, &of_b).await;
        let _c = flights.embark(c, &of_c).await;
        let wait = |traveller, errand: &Errand| {
            let (flights, errand) = (Arc::clone(&flights), errand.clone());
            tokio::spawn(async move { matches!(flights.embark(traveller, &errand).await, Boarding::Landed) })
        };
        let tasks = [wait(a, &of_b), wait(b, &of_c)];
        tokio::task::yield_now().await;
        assert!(matches!(flights.embark(c, &of_a).await, Boarding::Alone), "round three");
        assert!(matches!(flights.embark(c, &of_c).await, Boarding::Alone), "his own");
        for task in tasks {
            task.abort();
            let _ = task.await;
        }
        assert!(flights.board().waiting.is_empty(), "who is gone waits no longer");
    }
}
