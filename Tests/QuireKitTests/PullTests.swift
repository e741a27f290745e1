import Foundation
import QuireKit
import Synchronization
import Testing

/// Opening a model that may have to be brought first; the bringing itself is ModelStore's.
struct PullTests {
    @Test func `what is here is opened and nothing is told`() async throws {
        let told = Mutex<[PullProgress]>([])
        let demo = try LoadedModel.open("demo")
        for name in ["demo", demo.path] {
            let model = try await LoadedModel.pull(name) { event in
                told.withLock { $0.append(event) }
            }
            #expect(model.path == demo.path)
        }
        #expect(told.withLock { $0 }.isEmpty)
    }

    @Test func `a word that names nothing is an error that says what would do`() async throws {
        for name in ["no such model", "", "/no/file.gguf", "hf:"] {
            let error = await #expect(throws: LoadError.self) {
                _ = try await LoadedModel.pull(name)
            }
            #expect(try #require(error).message.count > 20, "\(name)")
        }
    }

    @Test func `an option out of its range is refused before anything is brought`() async throws {
        var options = ModelOptions()
        options.batch = 0
        let error = await #expect(throws: LoadError.self) {
            _ = try await LoadedModel.pull("gemma-3-270m", options) { _ in
                Issue.record("a download began")
            }
        }
        #expect(try #require(error).code == .invalidOptions)
    }
}
