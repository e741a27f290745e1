import KVCache
import QuireKit
import Serving

extension Configuration {
    /// A line for each setting: its key, its value, and where that is from.
    var table: [String] {
        var table = TextTable([("SETTING", .left), ("VALUE", .left), ("FROM", .left)])
        for choice in choices {
            table.append([
                choice.setting.key, Terminal.plain(Self.shown(choice)),
                Terminal.plain(choice.origin.description),
            ])
        }
        return table.lines
    }

    private static func shown(_ choice: Choice) -> String {
        let setting = choice.setting
        guard choice.origin != .standard else {
            return computed[setting.name] ?? setting.standard ?? "none"
        }
        guard !setting.isSecret else {
            let count = choice.values.count
            return count == 1 ? "a key, not shown" : "\(count) keys, not shown"
        }
        // Of an option that is given twice the last one counts.
        return setting.isRepeating
            ? choice.values.joined(separator: ", ") : choice.values.last ?? "none"
    }

    /// What is found out where nothing is said.
    private static let computed = [
        "model": ModelLocation.demo,
        "served-model-name": "the model's name",
        "chat-template": "the model's own",
        "request-timeout": "as long as it takes",
        "max-body-size": "\(ServingLimits().bodyBytes >> 20)MiB",
        "itl-target": "\(Int(LatencyTarget.served.seconds * 1_000))ms",
        "batch": "\(ModelOptions().batch)",
        "threads": "all usable cores",
        "context": "the model's, if the memory holds it",
        "prefix-cache-size": Sizes.bytes(ModelOptions().prefixCacheBytes),
    ]
}
