/// Which host names a request may be for.
///
/// A page of any site can have its own name resolve to this machine's loopback (DNS rebinding) and
/// would then talk to the server as its own; what it cannot change is the name in its requests.
struct HostCheck: Sendable {
    private let isOn: Bool
    private let others: Set<String>

    init(_ options: ServerOptions) {
        // Behind other addresses than loopback there are names that nobody here knows.
        if case .socket = options.address {
            isOn = false
        } else {
            isOn = options.isLocal || !options.hosts.isEmpty
        }
        others = Set(options.hosts.map { $0.lowercased() })
    }

    /// Whether a request with that `Host` is answered; without one it comes from no browser.
    func admit(_ authority: String?) -> Bool {
        guard isOn, let authority, !authority.isEmpty else { return true }
        let name = Self.name(of: authority)
        return others.contains(name) || Self.isLoopback(name)
    }

    /// The host of `host:port`, in small letters, without the brackets of IPv6.
    static func name(of authority: String) -> String {
        let text = authority.lowercased()
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        // Several colons are an address of IPv6.
        guard text.count(where: { $0 == ":" }) == 1 else { return text }
        return String(text.prefix { $0 != ":" })
    }

    /// Whether a name or an address can only be this machine.
    static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
