/// What serving costs, from a rate and a price. Times in the units that their names say.
package struct ServingCost: Hashable, Sendable {
    /// Requests that come in a day.
    package var requestsPerDay: Double
    /// Requests that one device finishes in a minute.
    package var requestsPerMinute: Double
    /// The price of a device for an hour, in any currency.
    package var pricePerHour: Double

    /// A service.
    package init(requestsPerDay: Double, requestsPerMinute: Double, pricePerHour: Double) {
        self.requestsPerDay = requestsPerDay
        self.requestsPerMinute = requestsPerMinute
        self.pricePerHour = pricePerHour
    }

    /// Minutes of a device that a day's requests take.
    package var deviceMinutesPerDay: Double { requestsPerDay / requestsPerMinute }

    /// Devices that are busy on average.
    package var devicesOnAverage: Double { deviceMinutesPerDay / (24 * 60) }

    /// Devices to rent: whole ones, if the requests come evenly.
    package var devices: Int { Int(devicesOnAverage.rounded(.up)) }

    /// The price of the minutes of a day, as if a device could be rented by the minute.
    package var pricePerDay: Double { deviceMinutesPerDay / 60 * pricePerHour }

    /// Hours of whole devices in a day.
    package var rentedHoursPerDay: Int { 24 * devices }

    /// The price of `days` days at `devices` whole devices.
    package func rent(days: Double) -> Double {
        Double(rentedHoursPerDay) * pricePerHour * days
    }
}

/// The price of tokens.
package enum TokenPrice {
    /// The price of a million tokens at `tokensPerSecond`, of devices at `pricePerHour` together.
    package static func perMillion(pricePerHour: Double, tokensPerSecond: Double) -> Double {
        pricePerHour / 3600 / tokensPerSecond * 1_000_000
    }
}
