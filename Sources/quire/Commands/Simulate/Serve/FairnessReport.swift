import Scheduling
import Simulation

/// The requests of all tenants under one order.
struct FairnessRun {
    /// A tenant's part.
    struct Share {
        let name: String
        let requests: Int
        let completed: Int
        /// How much service it is to have beside the others.
        let weight: Double
        /// Its service while all sent requests, and the share of all that.
        let service: Double
        let part: Double
        let firstToken: Percentiles
    }

    let order: OrderChoice
    let shares: [Share]
    /// Every tenant's service over time.
    let course: [TenantMeter.Moment]
    let tenants: [String]
    let seconds: Double
    let outputRate: Double
    /// The time up to which services are compared.
    let until: Double
    /// What checking the bound found; nil: there is none under this order.
    let finding: FairnessCheck.Finding?

    init(_ order: OrderChoice, _ result: ServiceResult, _ setup: ServiceSetup, until: Double?) {
        self.order = order
        let summary = ServiceSummary(result, setup)
        course = result.tenantCourse
        tenants = result.tenants
        seconds = summary.seconds
        outputRate = summary.outputRate
        finding = result.fairness.first
        let last = Double(result.requests.map(\.arrival).max() ?? 0) * 1e-9
        let end = until ?? last
        self.until = end
        let moment = course.last { Double($0.time) * 1e-9 <= end } ?? course.last
        let service = moment?.service ?? []
        let all = service.reduce(0, +)
        shares = summary.tenants.enumerated().map { index, tenant in
            let own = index < service.count ? service[index] : 0
            return Share(
                name: tenant.name, requests: tenant.requests, completed: tenant.completed,
                weight: setup.standings[tenant.name]?.weight ?? 1, service: own,
                part: all > 0 ? own / all : 0, firstToken: tenant.firstToken)
        }
    }

    /// Jain's index of the tenants' services, each over its weight: 1 when all have their shares,
    /// 1 / n when one has all.
    var jain: Double {
        let parts = shares.map { $0.service / $0.weight }
        let sum = parts.reduce(0, +)
        let squares = parts.reduce(0) { $0 + $1 * $1 }
        return squares > 0 ? sum * sum / (Double(shares.count) * squares) : 1
    }
}

/// What orders make of the same requests.
struct FairnessReport {
    let runs: [FairnessRun]
    let stamp: ResultStamp
    let cost: String
    let assumptions: [String]

    var lines: [String] {
        var lines = [stamp.line, cost, ""]
        for run in runs {
            lines.append(
                "\(run.order.name): \(SimulateServeText.number(run.outputRate)) output tokens/s, "
                    + "Jain's index of service up to \(SimulateServeText.time(run.until)): "
                    + SimulateServeText.number(run.jain))
            if let finding = run.finding { lines.append(Self.words(finding)) }
            lines += table(run).lines + [""]
        }
        return lines + assumptions
    }

    private static func words(_ finding: FairnessCheck.Finding) -> String {
        if let violation = finding.violation { return "  bound VIOLATED: \(violation)" }
        let services =
            finding.comparesServices
            ? "services within \(SimulateServeText.number(finding.service)) of 2 U"
            : "services not compared, of more than \(ServiceLimits.comparedTenants) tenants"
        return "  bound kept at every one of \(Sizes.grouped(finding.steps)) steps with two or "
            + "more tenants waiting: counters within "
            + "\(SimulateServeText.number(finding.counters)) of U = "
            + "\(SimulateServeText.number(finding.bound)), \(services)"
    }

    private func table(_ run: FairnessRun) -> TextTable {
        var table = TextTable([
            ("TENANT", .left), ("REQUESTS", .right), ("SERVICE", .right), ("SHARE", .right),
            ("", .left), ("TTFT P50", .right), ("TTFT P99", .right),
        ])
        for share in run.shares {
            table.append([
                share.name.isEmpty ? "-" : Terminal.plain(share.name),
                Sizes.grouped(share.requests), SimulateServeText.number(share.service),
                SimulateServeText.percent(share.part),
                String(repeating: "#", count: Int((share.part * 20).rounded())),
                SimulateServeText.time(share.firstToken[0.5]),
                SimulateServeText.time(share.firstToken[0.99]),
            ])
        }
        return table
    }

    /// A line for each moment, order and tenant.
    var csv: [String] {
        ["order,seconds,tenant,service"]
            + runs.flatMap { run in
                run.course.flatMap { moment in
                    run.tenants.indices.map { index in
                        let name = run.tenants[index].replacing("\"", with: "\"\"")
                        return "\(run.order.name),\(Double(moment.time) * 1e-9),\"\(name)\","
                            + "\(moment.service[index])"
                    }
                }
            }
    }

    var json: JSON { JSON(self) }

    /// For a program.
    struct JSON: Encodable {
        struct Share: Encodable {
            let tenant: String
            let requests: Int
            let completed: Int
            let weight: Double
            let service: Double
            let share: Double
            let ttft: SimulateServeJSON.Times
        }

        struct Bound: Encodable {
            let kept: Bool
            let steps: Int
            let u: Double
            let counters: Double
            /// nil: there are too many tenants to compare each with each.
            let service: Double?
            let violation: String?
        }

        struct Run: Encodable {
            let order: String
            let output_rate: Double
            let seconds: Double
            let compared_until: Double
            let jain: Double
            let tenants: [Share]
            let bound: Bound?
        }

        let stamp: ResultStamp
        let costs: String
        let runs: [Run]

        init(_ report: FairnessReport) {
            stamp = report.stamp
            costs = report.cost
            runs = report.runs.map { run in
                Run(
                    order: run.order.name, output_rate: run.outputRate, seconds: run.seconds,
                    compared_until: run.until, jain: run.jain,
                    tenants: run.shares.map {
                        Share(
                            tenant: $0.name, requests: $0.requests, completed: $0.completed,
                            weight: $0.weight, service: $0.service, share: $0.part,
                            ttft: .init($0.firstToken))
                    },
                    bound: run.finding.map {
                        Bound(
                            kept: $0.isKept, steps: $0.steps, u: $0.bound, counters: $0.counters,
                            service: $0.comparesServices ? $0.service : nil,
                            violation: $0.violation)
                    })
            }
        }
    }
}
