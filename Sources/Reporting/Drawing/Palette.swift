/// The colours, for a light and a dark ground.
///
/// The hues follow Okabe and Ito ("Color Universal Design", 2008). Lightness and saturation were
/// searched by computer so that every colour stands out from its ground (WCAG 2.2, 1.4.11: 3 to 1)
/// and the members of each set differ for normal sight and for protan, deutan and tritan sight
/// (matrices of Machado, Oliveira and Fernandes, 2009). The tests compute both again.
struct Palette: Hashable {
    /// A colour's variable and its value in the two schemes.
    struct Entry: Hashable {
        let key: String
        let light: String
        let dark: String
    }

    /// Colours of series before they repeat.
    static let seriesCount = 6

    /// What everything stands on.
    static let ground = Entry(key: "ground", light: "#ffffff", dark: "#15181d")

    /// Text, axes, capacity lines.
    static let ink = Entry(key: "ink", light: "#1b1e23", dark: "#eceef1")

    /// Text of less weight.
    static let muted = Entry(key: "muted", light: "#575c64", dark: "#a9afb8")

    /// Lines of the grid: decoration, they carry nothing that the ticks do not.
    static let grid = Entry(key: "grid", light: "#dfe2e6", dark: "#343941")

    /// The colours with a meaning.
    static let meanings = [
        Entry(key: "computed", light: "#1a52a6", dark: "#4a8af0"),
        Entry(key: "decoded", light: "#927ddd", dark: "#bfadfb"),
        Entry(key: "reused", light: "#3f9f7f", dark: "#8fdcc0"),
        Entry(key: "reserved", light: "#ad8522", dark: "#fcbf45"),
        Entry(key: "idle", light: "#6b6c75", dark: "#7d7679"),
        Entry(key: "waste", light: "#b4450f", dark: "#e76612"),
        Entry(key: "external", light: "#5f2a56", dark: "#c98fb8"),
    ]

    /// The colours of things that are compared.
    static let series = [
        Entry(key: "0", light: "#5e76df", dark: "#7ea6e3"),
        Entry(key: "1", light: "#e6688d", dark: "#b84a90"),
        Entry(key: "2", light: "#286264", dark: "#1af0ea"),
        Entry(key: "3", light: "#837525", dark: "#c8d56c"),
        Entry(key: "4", light: "#431096", dark: "#7f62e2"),
        Entry(key: "5", light: "#5c300b", dark: "#bc9865"),
    ]

    /// All of them, in the order of the style sheet.
    static let all = [ground, ink, muted, grid] + meanings + series
}
