extension LineChart {
    /// Hit rates of eviction policies over capacities, up to what nobody can pass.
    ///
    /// - Parameters:
    ///   - capacities: blocks, ascending.
    /// - policies: names and hit rates as fractions, one a capacity; the order is that of colours.
    ///   - bound: the hit rates of Belady's policy, which knows the future; nil: not known.
    package static func eviction(
        title: String = "Hit rate by capacity", caption: String, capacities: [Double],
        policies: [(name: String, hitRates: [Double])], bound: [Double]? = nil
    ) -> LineChart {
        var series = policies.map { Series($0.name, x: capacities, y: $0.hitRates) }
        if let bound {
            series.append(
                Series("Belady (knows the future)", x: capacities, y: bound, style: .bound))
        }
        return LineChart(
            title: title, caption: caption,
            x: Axis("Capacity", .count("blocks"), spacing: .log), y: Axis("Hit rate", .percent),
            series: series)
    }

    /// Throughput and goodput over the offered load, with the knee: the largest load whose requests
    /// still meet their target.
    ///
    /// - Parameters:
    ///   - loads: requests a second that come, ascending.
    ///   - throughput: requests a second that are finished, one a load.
    ///   - goodput: requests a second that meet the target, one a load.
    ///   - knee: the load of the knee and its goodput; nil: none was found.
    package static func goodput(
        title: String = "Throughput and goodput by load", caption: String, loads: [Double],
        throughput: [Double], goodput: [Double], knee: (load: Double, goodput: Double)? = nil
    ) -> LineChart {
        let unit = ValueFormat.count("requests/s")
        let marks = knee.map {
            [Mark("knee at \(unit.text($0.load))", x: $0.load, y: $0.goodput)]
        }
        return LineChart(
            title: title, caption: caption, x: Axis("Offered load", unit),
            y: Axis("Served", unit),
            series: [
                Series("throughput", x: loads, y: throughput),
                Series("goodput", x: loads, y: goodput),
                Series("offered", x: loads, y: loads, style: .bound),
            ],
            rules: knee.map { [.note("", at: $0.load)] } ?? [], marks: marks ?? [])
    }
}
