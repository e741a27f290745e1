import Testing

@testable import Reporting

/// Colours can be seen and told apart, by everybody, on both grounds.
struct PaletteTests {
    private static let schemes: [(name: String, value: @Sendable (Palette.Entry) -> String)] = [
        ("light", { $0.light }), ("dark", { $0.dark }),
    ]

    @Test func `graphics reach 3 to 1 and text 4.5 to 1 on both grounds`() {
        for scheme in Self.schemes {
            let ground = LinearColor(scheme.value(Palette.ground))
            for entry in Palette.meanings + Palette.series {
                let contrast = LinearColor(scheme.value(entry)).contrast(with: ground)
                #expect(contrast >= 3, "\(scheme.name) \(entry.key): \(contrast)")
            }
            for entry in [Palette.ink, Palette.muted] {
                let contrast = LinearColor(scheme.value(entry)).contrast(with: ground)
                #expect(contrast >= 4.5, "\(scheme.name) \(entry.key): \(contrast)")
            }
        }
    }

    @Test func `text on faint areas reaches 4.5 to 1`() {
        for scheme in Self.schemes {
            let ink = LinearColor(scheme.value(Palette.ink))
            for entry in Palette.meanings + Palette.series {
                let area = LinearColor(
                    scheme.value(entry), over: scheme.value(Palette.ground), opacity: Canvas.faint)
                let contrast = ink.contrast(with: area)
                #expect(contrast >= 4.5, "\(scheme.name) \(entry.key): \(contrast)")
            }
        }
    }

    @Test(arguments: LinearColor.Sight.allCases)
    func `the colours of a set differ for every kind of sight`(sight: LinearColor.Sight) {
        for scheme in Self.schemes {
            for set in [Palette.meanings, Palette.series] {
                for (index, entry) in set.enumerated() {
                    for other in set[(index + 1)...] {
                        let distance = LinearColor(scheme.value(entry)).seen(with: sight)
                            .distance(to: LinearColor(scheme.value(other)).seen(with: sight))
                        #expect(
                            distance >= 7, "\(scheme.name) \(entry.key) \(other.key): \(distance)")
                    }
                }
            }
        }
    }

    @Test func `no colour is used for two things`() {
        for scheme in Self.schemes {
            let colors = Palette.all.map(scheme.value)
            #expect(Set(colors).count == colors.count)
        }
        #expect(Set(Palette.all.map(\.key)).count == Palette.all.count)
    }

    @Test func `every meaning has a colour, a word and another texture than its neighbours`() {
        let colored = Tone.meanings.filter { $0 != .free }
        #expect(colored.map(\.key) == Palette.meanings.map(\.key))
        #expect(Tone.meanings.allSatisfy { $0.word != nil })
        #expect(Set(colored.map(\.texture)).count == colored.count)
        let pairs = (0..<36).map { "\(Tone.series($0).key) \(Tone.series($0).texture)" }
        #expect(Set(pairs).count == 36)
        let looks = (0..<24).map { index in
            let look = SeriesLook(Series("", []), index: index)
            return "\(look.key) \(look.dash) \(look.marker)"
        }
        #expect(Set(looks).count == 24)
    }

    @Test func `a meaning has the same class in every chart`() {
        for tone in Tone.meanings where tone != .free {
            let charts: [any Chart] = [
                BarChart(
                    title: "t", caption: "c", categories: ["a"], axis: Axis("y"),
                    bars: [.init("b", [1], tone: tone)]),
                TimelineChart(
                    title: "t", caption: "c",
                    panels: [.init(rows: [.init("r", [.init(0, 1, tone)])])]),
                BlockMapChart(title: "t", caption: "c", moments: [.init(at: 0, [tone])]),
                PrefixTreeChart(
                    title: "t", caption: "c", nodes: [.init("n", tokens: 9, tone: tone)]),
                AreaChart(
                    title: "t", caption: "c", x: Axis("x"), y: Axis("y"),
                    stack: .init(places: [0, 1], layers: [.init("l", tone, [1, 1])])),
            ]
            for chart in charts {
                let body = chart.svg().split(separator: "</style>").last ?? ""
                #expect(body.contains("qf-\(tone.key)"))
                for other in Palette.meanings + Palette.series where other.key != tone.key {
                    #expect(!body.contains("qf-\(other.key)"), "\(tone) \(other.key)")
                }
            }
        }
    }

    @Test func `colours stand in the style sheet only, for both schemes`() {
        let text = Gallery.usual[2].chart.svg()
        let parts = text.split(separator: "</style>")
        #expect(parts.count == 2)
        #expect(!parts[1].contains("#1") && !parts[1].contains("rgb("))
        for entry in Palette.all {
            #expect(parts[0].contains("--q-\(entry.key):\(entry.light)"))
            #expect(parts[0].contains("--q-\(entry.key):\(entry.dark)"))
        }
        #expect(parts[0].contains("prefers-color-scheme:dark"))
    }
}
