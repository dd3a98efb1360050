//! What a terminal was told to do beyond showing text.

/// Notes every deed that text from outside could bring about, and counts the frames.
#[derive(Default)]
pub struct Watch {
    /// The deeds, in words.
    pub deeds: Vec<String>,
    /// How many frames were drawn.
    pub frames: usize,
    /// Whether a frame is being drawn.
    pub is_drawing: bool,
}

impl vt100::Callbacks for Watch {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.deeds.push("bell".to_owned());
    }

    fn visual_bell(&mut self, _: &mut vt100::Screen) {
        self.deeds.push("visual bell".to_owned());
    }

    fn resize(&mut self, _: &mut vt100::Screen, size: (u16, u16)) {
        self.deeds.push(format!("resize {size:?}"));
    }

    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.deeds.push(format!("icon {}", String::from_utf8_lossy(name)));
    }

    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.deeds.push(format!("title {}", String::from_utf8_lossy(title)));
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, which: &[u8], data: &[u8]) {
        let [which, data] = [which, data].map(String::from_utf8_lossy);
        self.deeds.push(format!("copy {which} {data}"));
    }

    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, which: &[u8]) {
        self.deeds.push(format!("paste {}", String::from_utf8_lossy(which)));
    }

    fn unhandled_char(&mut self, _: &mut vt100::Screen, c: char) {
        self.deeds.push(format!("character {c:?}"));
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, octet: u8) {
        self.deeds.push(format!("control {octet:#x}"));
    }

    fn unhandled_escape(&mut self, _: &mut vt100::Screen, i1: Option<u8>, i2: Option<u8>, octet: u8) {
        // The end of a string, which is told apart from the string itself.
        if (i1, i2, octet) != (None, None, b'\\') {
            self.deeds.push(format!("escape {i1:?} {i2:?} {octet:#x}"));
        }
    }

    fn unhandled_csi(&mut self, _: &mut vt100::Screen, i1: Option<u8>, i2: Option<u8>, params: &[&[u16]], c: char) {
        match (i1, i2, params, c) {
            // Our own: a synchronized update, the end of which ends a frame; the mouse in the way of urxvt; no underline colour.
            (Some(b'?'), None, [[2026]], 'h') => self.is_drawing = true,
            (Some(b'?'), None, [[1015]], 'h' | 'l') | (None, None, [[59]], 'm') => {}
            (Some(b'?'), None, [[2026]], 'l') => {
                self.is_drawing = false;
                self.frames += 1;
            }
            _ => self.deeds.push(format!("sequence {i1:?} {i2:?} {params:?} {c}")),
        }
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        let params: Vec<_> = params.iter().map(|param| String::from_utf8_lossy(param)).collect();
        self.deeds.push(format!("command {params:?}"));
    }
}
