import Scheduling
import Simulation

extension SimulateFairnessCommand {
    /// The requests of all tenants, in the order of their arrival.
    func requests() throws -> Trace {
        let all = try client.isEmpty ? source.read() : drawn()
        guard let speedup else { return all }
        let name = client.isEmpty ? source.name : "--client"
        return try UnusableTrace.naming(name) { try all.faster(by: speedup) }
    }

    /// What the clients send, each with draws of its own.
    private func drawn() throws -> Trace {
        var requests: [TraceRequest] = []
        for (index, client) in client.enumerated() {
            let sides = client.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else {
                throw SimulateServeError("--client \"\(client)\" is no NAME=SPEC")
            }
            let drawn = try UnusableTrace.naming("--client \(sides[0])") {
                try Workload.draw(String(sides[1]), seed: source.seed &+ UInt64(index))
            }
            requests += drawn.requests.map { request in
                var request = request
                request.tenant = String(sides[0])
                request.blocks = []
                return request
            }
        }
        return Trace(name: "clients", requests: requests).inOrderOfArrival
    }

    /// How each tenant stands among the others, by --share and --level.
    func standings(_ trace: Trace) throws -> [String: ServiceSetup.Standing] {
        var standings: [String: ServiceSetup.Standing] = [:]
        var count = 0
        for request in trace.requests {
            let name = request.tenant ?? ""
            guard standings[name] == nil else { continue }
            standings[name] = ServiceSetup.Standing()
            standings[name]?.priority = count
            count += 1
        }
        for (name, value) in try Self.pairs(share, "--share", known: standings) {
            guard value > 0, value.isFinite else {
                throw SimulateServeError("--share \(name): a share is above 0")
            }
            standings[name]?.weight = value
        }
        for (name, value) in try Self.pairs(level, "--level", known: standings) {
            guard let level = Int(exactly: value) else {
                throw SimulateServeError("--level \(name): a class is a whole number")
            }
            standings[name]?.priority = level
        }
        return standings
    }

    private static func pairs(
        _ texts: [String], _ option: String, known: [String: ServiceSetup.Standing]
    ) throws -> [(String, Double)] {
        try texts.map { text in
            let sides = text.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let value = Double(sides[1]) else {
                throw SimulateServeError("\(option) \"\(text)\" is no NAME=NUMBER")
            }
            guard known[String(sides[0])] != nil else {
                throw SimulateServeError("\(option): no request is of \"\(sides[0])\"")
            }
            return (String(sides[0]), value)
        }
    }
}
