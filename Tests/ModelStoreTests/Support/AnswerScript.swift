import NIOHTTP1
import Synchronization
import TestSupport

@testable import ModelStore

/// A server that answers so many requests badly, each in a way drawn at random, and all others as
/// it should. What it serves changes when it says so.
final class AnswerScript: Sendable {
    enum Answer: CaseIterable {
        case honest, failure, missing, notSatisfiable, noContent
        case otherStart, otherEnd, otherTotal, otherUnit, noRange, twoRanges, shortRange
        case compressed, secretlyCompressed, transferEncoded, chunked, chunkedAndCut
        case cut, reset, shortLength, longLength, extraBytes, whole, unasked
        case changed, weakTag, noTag, redirect, redirectElsewhere
    }

    /// How the server tells one state of the file from another.
    enum Validator: CaseIterable { case tag, weakTag, date, none }

    private struct State {
        var generator: SeededGenerator
        var left: Int
        var version = 0
    }

    let versions: [ServedFile]
    private let validator: Validator
    private let state: Mutex<State>

    /// The file as it is served now.
    var current: ServedFile { state.withLock { versions[$0.version % versions.count] } }

    init(seed: UInt64, validator: Validator, badAnswers: Int) {
        self.validator = validator
        versions = (0..<3).map { version in
            var file = ServedFile.model(kibibytes: 4, seed: UInt64(version))
            file.tag = "\"version \(version)\""
            return file
        }
        state = Mutex(State(generator: SeededGenerator(seed: seed), left: badAnswers))
    }

    func response(to request: WebServer.Request) -> WebServer.Response {
        let (answer, number) = state.withLock { state -> (Answer, Int) in
            guard state.left > 0 else { return (.honest, 0) }
            state.left -= 1
            let answer = Answer.allCases.randomElement(using: &state.generator) ?? .honest
            // The first byte of the next version comes with the next answer.
            if answer == .changed { state.version += 1 }
            return (answer, Int.random(in: 0..<2000, using: &state.generator))
        }
        var response = current.response(to: request)
        apply(validator, to: &response)
        distort(&response, by: answer, number, request)
        return response
    }

    private func apply(_ validator: Validator, to response: inout WebServer.Response) {
        switch validator {
        case .tag: return
        case .weakTag: response.headers.replaceOrAdd(name: "ETag", value: "W/\"same\"")
        case .date:
            response.headers.remove(name: "ETag")
            response.headers.add(name: "Last-Modified", value: "date of \(current.tag)")
        case .none: response.headers.remove(name: "ETag")
        }
    }

    private func distort(
        _ response: inout WebServer.Response, by answer: Answer, _ number: Int,
        _ request: WebServer.Request
    ) {
        let size = current.bytes.count
        let range = request.range?.clamped(to: 0..<size) ?? 0..<size
        let scrambled = response.body.map { $0 ^ 0x5a }
        func say(_ range: String) {
            response.headers.replaceOrAdd(name: "Content-Range", value: range)
        }
        switch answer {
        case .honest, .changed: break
        case .failure: response = .init(status: .serviceUnavailable)
        case .missing: response = .init(status: .notFound, body: scrambled)
        case .notSatisfiable: response = .init(status: .rangeNotSatisfiable)
        case .noContent: response = .init(status: .noContent)
        case .otherStart: say("bytes \(range.lowerBound + 1)-\(range.upperBound)/\(size)")
        case .otherEnd: say("bytes \(range.lowerBound)-\(range.upperBound + 4)/\(size)")
        case .otherTotal: say("bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size + 1)")
        case .otherUnit: say("items \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
        case .noRange: response.headers.remove(name: "Content-Range")
        case .twoRanges: response.headers.add(name: "Content-Range", value: "bytes 0-0/1")
        case .shortRange:
            guard request.range != nil, range.count > 1 else { return }
            let count = min(range.count, 1 + number)
            say("bytes \(range.lowerBound)-\(range.lowerBound + count - 1)/\(size)")
            response.body = Array(response.body.prefix(count))
        case .compressed, .secretlyCompressed, .transferEncoded, .chunked, .chunkedAndCut,
            .shortLength, .longLength, .extraBytes:
            distortBody(&response, by: answer, number, scrambled)
        case .cut: response.fault = .closeAfter(number)
        case .reset: response.fault = .resetAfter(number)
        case .whole: response = .init(headers: response.headers, body: current.bytes)
        case .unasked: response.status = .partialContent
        case .weakTag: response.headers.replaceOrAdd(name: "ETag", value: "W/\(current.tag)")
        case .noTag: response.headers.remove(name: "ETag")
        case .redirect: response = .init(status: .found, headers: ["Location": "/again.gguf"])
        case .redirectElsewhere:
            response = .init(
                status: .found, headers: ["Location": "https://\u{1B}[31m.invalid/\u{7}"])
        }
    }

    /// Answers whose headers and body disagree, or whose body is another than the file's.
    private func distortBody(
        _ response: inout WebServer.Response, by answer: Answer, _ number: Int,
        _ scrambled: [UInt8]
    ) {
        let compressed = Array(scrambled.prefix(scrambled.count / 2))
        switch answer {
        case .compressed:
            response.headers.add(name: "Content-Encoding", value: "gzip")
            response.body = compressed
        case .secretlyCompressed: response.body = compressed
        case .transferEncoded:
            response.headers.add(name: "Transfer-Encoding", value: "gzip, chunked")
            response.announcesLength = false
            response.body = compressed
        case .chunked:
            response.announcesLength = false
            response.body = compressed
        case .chunkedAndCut:
            response.announcesLength = false
            response.body = scrambled
            response.fault = .closeAfter(number)
        case .shortLength:
            response.headers.add(name: "Content-Length", value: "\(response.body.count / 2)")
        case .longLength:
            response.headers.add(name: "Content-Length", value: "\(response.body.count + 9)")
            response.fault = .closeAfter(response.body.count)
        default:
            // Beyond the length that is announced, or the length is that of both.
            if number % 2 == 0 {
                response.headers.add(name: "Content-Length", value: "\(response.body.count)")
            }
            response.body += [UInt8](repeating: 7, count: 1 + number)
        }
    }
}
