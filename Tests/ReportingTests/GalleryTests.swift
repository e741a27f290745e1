import Foundation
import Testing

@testable import Reporting

/// Writes a page of all charts, for people to look at:
/// `QUIRE_GALLERY=gallery.html swift test --filter GalleryTests`.
struct GalleryTests {
    static let path = ProcessInfo.processInfo.environment["QUIRE_GALLERY"]

    @Test(.enabled(if: Self.path != nil))
    func `the gallery is written`() throws {
        var report = Report(
            title: "All charts", summary: "Made-up numbers: what matters is how it looks.",
            command: "QUIRE_GALLERY=gallery.html swift test --filter GalleryTests",
            parameters: [("charts", "\(Gallery.all.count)")], stamp: ReportStamp(version: "test"))
        for item in Gallery.all { report.append(item.chart) }
        try report.html().write(toFile: #require(Self.path), atomically: true, encoding: .utf8)
    }
}
