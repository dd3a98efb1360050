//! A cursor in a list that is longer than the window. Invariant after [`Cursor::settle`]: it is on a row, and the row is in view.

/// A cursor in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The row under it.
    pub at: usize,
    /// The first row in view.
    pub top: usize,
}

impl Cursor {
    /// Moves by some rows; stops at both ends.
    pub fn step(&mut self, by: isize, len: usize) {
        self.at = self.at.saturating_add_signed(by).min(len.saturating_sub(1));
    }

    /// Goes to the row where what was under it is now, without moving on the screen.
    pub fn follow(&mut self, at: usize) {
        let line = self.at.saturating_sub(self.top);
        self.at = at;
        self.top = at.saturating_sub(line);
    }

    /// Brings it into the list, and the window to it.
    pub fn settle(&mut self, len: usize, height: usize) {
        let height = height.max(1);
        self.at = self.at.min(len.saturating_sub(1));
        self.top = self.top.min(self.at).min(len.saturating_sub(height));
        if self.at >= self.top + height {
            self.top = self.at + 1 - height;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_the_cursor_stays_on_its_line_when_rows_come_in_above() {
        let mut cursor = Cursor { at: 12, top: 5 };
        cursor.follow(20);
        cursor.settle(100, 10);
        assert_eq!(cursor, Cursor { at: 20, top: 13 });
    }

    #[test]
    fn an_empty_list_and_an_empty_window_are_no_trouble() {
        let mut cursor = Cursor { at: 12, top: 5 };
        cursor.settle(0, 0);
        assert_eq!(cursor, Cursor::default());
        cursor.step(-1, 0);
        cursor.step(1, 0);
        assert_eq!(cursor.at, 0);
    }
}
