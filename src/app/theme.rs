//! Colours, fonts and sizes. The only file that names a colour.
//!
//! One accent for what is selected; amber for the infant, blue for the parent, everywhere; teal for match, a warm colour of the same height for
//! mismatch; red-orange for disagreement and errors.

use std::sync::Arc;

use egui::{Color32, Context, FontData, FontDefinitions, FontFamily, FontId, Stroke, TextStyle, Visuals};

/// The colours of one theme, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Is the window dark?
    pub dark: bool,
    /// Behind the panels.
    pub window: Color32,
    /// Behind the timelines and the palette.
    pub panel: Color32,
    /// A little lighter than what it lies on: chips, cards, the armed track.
    pub raised: Color32,
    /// Behind the video.
    pub stage: Color32,
    /// An empty lane.
    pub lane: Color32,
    /// The strokes over time that nobody has coded.
    pub hatch: Color32,
    /// Between panels.
    pub line: Color32,
    /// What is read first.
    pub text: Color32,
    /// What is read second.
    pub soft: Color32,
    /// What is read when it is looked for.
    pub faint: Color32,
    /// Selected, pressed, playing.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// The infant.
    pub infant: Color32,
    /// The parent.
    pub parent: Color32,
    /// The two together.
    pub dyad: Color32,
    /// In match; saved; exact.
    pub good: Color32,
    /// Out of match.
    pub mismatch: Color32,
    /// The stripes on it.
    pub mismatch_stripe: Color32,
    /// Disagreement and errors.
    pub alarm: Color32,
    /// The line at the present moment.
    pub playhead: Color32,
    /// The sound's curve.
    pub sound: Color32,
    /// Over the window while a dialog is open.
    pub veil: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// The dark theme.
pub const DARK: Theme = Theme {
    dark: true,
    window: rgb(0x001f_2226),
    panel: rgb(0x0024_272c),
    raised: rgb(0x002d_3137),
    stage: rgb(0x000f_1012),
    lane: rgb(0x001a_1c1f),
    hatch: rgb(0x002e_3136),
    line: rgb(0x0036_3a40),
    text: rgb(0x00ec_eef0),
    soft: rgb(0x00a9_aeb5),
    faint: rgb(0x0071_777f),
    accent: rgb(0x0074_bdff),
    on_accent: rgb(0x0010_1a24),
    infant: rgb(0x00f5_c469),
    parent: rgb(0x008f_c1f8),
    dyad: rgb(0x00e4_e6e8),
    good: rgb(0x004b_a585),
    mismatch: rgb(0x00e0_7b5a),
    mismatch_stripe: rgb(0x00c4_6547),
    alarm: rgb(0x00f0_6a42),
    playhead: rgb(0x00ff_ffff),
    sound: rgb(0x0054_6172),
    veil: Color32::from_black_alpha(90),
};

/// The light theme.
pub const LIGHT: Theme = Theme {
    dark: false,
    window: rgb(0x00f4_f4f2),
    panel: rgb(0x00fb_fbfa),
    raised: rgb(0x00e9_e9e6),
    stage: rgb(0x001d_1f22),
    lane: rgb(0x00ee_eeeb),
    hatch: rgb(0x00d9_d9d4),
    line: rgb(0x00d3_d3ce),
    text: rgb(0x001f_2328),
    soft: rgb(0x0051_5860),
    faint: rgb(0x0079_8088),
    accent: rgb(0x0014_6fc7),
    on_accent: rgb(0x00ff_ffff),
    infant: rgb(0x00b0_7404),
    parent: rgb(0x0023_67b4),
    dyad: rgb(0x0034_3a40),
    good: rgb(0x0024_8464),
    mismatch: rgb(0x00e2_8468),
    mismatch_stripe: rgb(0x00cc_6a4c),
    alarm: rgb(0x00c7_3c14),
    playhead: rgb(0x001f_2328),
    sound: rgb(0x00a4_afbb),
    veil: Color32::from_black_alpha(40),
};

/// Text on a video, in both themes.
pub const CAPTION: Color32 = Color32::WHITE;
/// What a picture is multiplied with to have its own colours.
pub const UNTINTED: Color32 = Color32::WHITE;
/// A warning on a video.
pub const CAPTION_ALARM: Color32 = rgb(0x00ff_9c7a);
/// Behind text on a video: the picture shines through.
pub const CAPTION_BACK: Color32 = Color32::from_black_alpha(130);

/// Sizes in points that more than one panel shares.
pub mod size {
    /// Width of the track heads at the left of the timelines.
    pub const HEAD: f32 = 148.0;
    /// Height of a lane with its marks.
    pub const LANE: f32 = 20.0;
    /// Rounding of marks, chips and cards.
    pub const ROUND: f32 = 3.0;
    /// Large numbers of the score panel.
    pub const NUMBER: f32 = 20.0;
    /// Small print.
    pub const SMALL: f32 = 10.5;
    /// Text of the window.
    pub const BODY: f32 = 12.0;
    /// Headings of panels.
    pub const HEADING: f32 = 13.0;
    /// Titles of dialogs.
    pub const TITLE: f32 = 15.0;
}

impl Theme {
    /// The theme that the window has now.
    #[must_use]
    pub fn of(ctx: &Context) -> &'static Self {
        if ctx.global_style().visuals.dark_mode { &DARK } else { &LIGHT }
    }

    /// The colour of a subject, wherever it is named.
    #[must_use]
    pub fn subject(&self, key: &str) -> Color32 {
        match key {
            "infant" => self.infant,
            "parent" => self.parent,
            _ => self.dyad,
        }
    }

    /// Text that can be read on `fill`: the darker or the lighter one, whichever stands out more.
    #[must_use]
    pub fn text_on(fill: Color32) -> Color32 {
        const DARKER: Color32 = rgb(0x0015_181c);
        const LIGHTER: Color32 = rgb(0x00f4_f5f6);
        if contrast(fill, DARKER) >= contrast(fill, LIGHTER) { DARKER } else { LIGHTER }
    }

    /// A code's colour as the scheme writes it (`#rrggbb`); a quiet grey where that is not a colour.
    #[must_use]
    pub fn code(hex: &str) -> Color32 {
        let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6);
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        rgb(value.unwrap_or(0x0080_868c))
    }

    /// A code's colour on this theme's lanes: on light ones the dark greys of "none" and "unscorable" become light greys, and stay quiet.
    #[must_use]
    pub fn code_fill(&self, hex: &str) -> Color32 {
        let colour = Self::code(hex);
        let channels = [colour.r(), colour.g(), colour.b()];
        let spread = channels.iter().max().zip(channels.iter().min()).map_or(0, |(most, least)| most - least);
        let is_dark_grey = spread < 24 && lightness(colour) < 0.10;
        if self.dark || !is_dark_grey { colour } else { colour.lerp_to_gamma(self.panel, 0.72) }
    }

    /// A hatched colour as the eye sees it where there is no room for the lines.
    #[must_use]
    pub fn hatched(fill: Color32) -> Color32 {
        fill.lerp_to_gamma(Self::text_on(fill), 0.25)
    }

    /// A large quiet number.
    #[must_use]
    pub fn number_font() -> FontId {
        FontId::new(size::NUMBER, strong())
    }

    /// Small print.
    #[must_use]
    pub fn small_font() -> FontId {
        FontId::new(size::SMALL, FontFamily::Proportional)
    }

    /// Text of the window.
    #[must_use]
    pub fn body_font() -> FontId {
        FontId::new(size::BODY, FontFamily::Proportional)
    }

    /// Text of the window, a little heavier.
    #[must_use]
    pub fn strong_font() -> FontId {
        FontId::new(size::BODY, strong())
    }

    /// Headings of panels.
    #[must_use]
    pub fn heading_font() -> FontId {
        FontId::new(size::HEADING, strong())
    }

    /// Titles of dialogs.
    #[must_use]
    pub fn title_font() -> FontId {
        FontId::new(size::TITLE, strong())
    }

    fn visuals(&self) -> Visuals {
        let mut visuals = if self.dark { Visuals::dark() } else { Visuals::light() };
        visuals.override_text_color = Some(self.text);
        visuals.weak_text_color = Some(self.soft);
        visuals.panel_fill = self.window;
        visuals.window_fill = self.panel;
        visuals.window_stroke = Stroke::new(1.0, self.line);
        visuals.extreme_bg_color = self.lane;
        visuals.faint_bg_color = self.raised;
        visuals.hyperlink_color = self.accent;
        visuals.error_fg_color = self.alarm;
        visuals.warn_fg_color = self.infant;
        visuals.selection.bg_fill = self.accent.gamma_multiply(0.35);
        visuals.selection.stroke = Stroke::new(1.0, self.accent);
        let widgets = &mut visuals.widgets;
        widgets.noninteractive.bg_stroke = Stroke::new(1.0, self.line);
        for (state, fill) in [
            (&mut widgets.inactive, self.raised),
            (&mut widgets.hovered, self.raised.lerp_to_gamma(self.text, 0.10)),
            (&mut widgets.active, self.raised.lerp_to_gamma(self.text, 0.18)),
            (&mut widgets.open, self.raised),
        ] {
            state.bg_fill = fill;
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::NONE;
            state.expansion = 0.0; // nothing jumps
        }
        widgets.hovered.bg_stroke = Stroke::new(1.0, self.line);
        if !self.dark {
            // What can be written in stands out from a light ground by an edge; on a dark one its fill is enough.
            visuals.text_edit_bg_color = Some(Color32::WHITE);
            visuals.widgets.inactive.bg_stroke = Stroke::new(1.0, self.line);
        }
        visuals
    }
}

/// The heavier face of the window's font.
#[must_use]
pub fn strong() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// Relative luminance by WCAG, 0 black to 1 white.
#[must_use]
pub fn lightness(colour: Color32) -> f32 {
    let channel = |value: u8| {
        let value = f32::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
}

/// How much two colours stand out from each other by WCAG, 1 to 21.
#[must_use]
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let (light, dark) = (lightness(a).max(lightness(b)), lightness(a).min(lightness(b)));
    (light + 0.05) / (dark + 0.05)
}

/// Fonts, text sizes and both themes' looks, once at the start.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    ctx.set_visuals_of(egui::Theme::Dark, DARK.visuals());
    ctx.set_visuals_of(egui::Theme::Light, LIGHT.visuals());
    ctx.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Small, Theme::small_font()),
            (TextStyle::Body, Theme::body_font()),
            (TextStyle::Button, Theme::body_font()),
            (TextStyle::Heading, Theme::heading_font()),
            (TextStyle::Monospace, FontId::new(size::BODY, FontFamily::Monospace)),
        ]
        .into();
        style.spacing.item_spacing = egui::vec2(6.0, 4.0);
        style.spacing.button_padding = egui::vec2(7.0, 3.0);
        style.spacing.interact_size.y = 22.0;
        style.interaction.tooltip_delay = 0.4;
        style.animation_time = 0.0; // nothing moves that did not change
    });
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let faces: [(&str, &'static [u8]); 3] = [
        ("inter", include_bytes!("../../assets/fonts/Inter-Regular.ttf")),
        ("inter-strong", include_bytes!("../../assets/fonts/Inter-SemiBold.ttf")),
        ("phosphor", include_bytes!("../../assets/icons/Phosphor.ttf")),
    ];
    for (name, bytes) in faces {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (family, face) in [(FontFamily::Proportional, "inter"), (strong(), "inter-strong")] {
        let mut names = vec![face.to_owned(), "phosphor".to_owned()];
        names.extend(fallback.iter().cloned());
        fonts.families.insert(family, names);
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read_in_both_themes() {
        for theme in [DARK, LIGHT] {
            for ground in [theme.window, theme.panel] {
                assert!(contrast(theme.text, ground) >= 7.0, "text, dark {}", theme.dark);
                assert!(contrast(theme.soft, ground) >= 4.5, "soft, dark {}", theme.dark);
                assert!(contrast(theme.faint, ground) >= 3.0, "faint, dark {}", theme.dark);
                for person in [theme.infant, theme.parent, theme.alarm, theme.accent] {
                    assert!(contrast(person, ground) >= 3.0, "{person:?}, dark {}", theme.dark);
                }
            }
            assert!(contrast(theme.on_accent, theme.accent) >= 4.5);
        }
    }

    #[test]
    fn text_on_any_code_can_be_read() {
        for hex in ["#56b4e9", "#7b6ed0", "#3c4046", "#e0a13a", "#ffffff", "#000000", "#8a8a8a"] {
            let fill = Theme::code(hex);
            assert!(contrast(Theme::text_on(fill), fill) >= 4.0, "{hex}");
        }
    }
}
