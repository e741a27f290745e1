/// The names that `\p{...}` knows.
enum PropertyName {
    /// A name as names are compared: small letters and digits.
    static func plain(_ name: String) -> String {
        name.lowercased().filter { !" _-.".contains($0) }
    }

    private static let categories: [String: String] = [
        "letter": "L", "uppercaseletter": "Lu", "lowercaseletter": "Ll", "titlecaseletter": "Lt",
        "modifierletter": "Lm", "otherletter": "Lo", "mark": "M", "combiningmark": "M",
        "nonspacingmark": "Mn", "spacingmark": "Mc", "enclosingmark": "Me", "number": "N",
        "decimalnumber": "Nd", "letternumber": "Nl", "othernumber": "No", "punctuation": "P",
        "connectorpunctuation": "Pc", "dashpunctuation": "Pd", "openpunctuation": "Ps",
        "closepunctuation": "Pe", "initialpunctuation": "Pi", "finalpunctuation": "Pf",
        "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm", "currencysymbol": "Sc",
        "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs",
        "lineseparator": "Zl", "paragraphseparator": "Zp", "other": "C", "control": "Cc",
        "format": "Cf", "surrogate": "Cs", "privateuse": "Co", "unassigned": "Cn", "punct": "P",
        "digit": "Nd",
    ]

    /// The scalars that have a property; nil for a name that is not known.
    static func set(_ name: String, _ dialect: PatternDialect) -> ScalarSet? {
        switch dialect {
        case .oniguruma: return set(plain: plain(name))
        case .ecma:
            let parts = name.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                return UnicodeScript.set(named: name) == nil ? set(plain: plain(name)) : nil
            }
            switch parts[0] {
            case "Script", "sc": return UnicodeScript.set(named: parts[1])
            case "General_Category", "gc": return category(plain(parts[1]))
            default: return nil
            }
        }
    }

    private static func set(plain name: String) -> ScalarSet? {
        switch name {
        case "any": .all
        case "assigned": GeneralCategory.unassigned.set.inverted
        case "ascii": ScalarSet([0...127])
        case "alphabetic", "alpha": GeneralCategory.alphabetic
        case "whitespace", "space": GeneralCategory.whitespace
        default: category(name) ?? UnicodeScript.set(named: name)
        }
    }

    private static func category(_ name: String) -> ScalarSet? {
        if name == "lc" || name == "casedletter" {
            return ["Lu", "Ll", "Lt"].compactMap { GeneralCategory.set(named: $0) }
                .reduce(ScalarSet([])) { $0.union($1) }
        }
        let short = categories[name] ?? name
        return (1...2).contains(short.count) ? GeneralCategory.set(named: short) : nil
    }
}
