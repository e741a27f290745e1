import ModelStore
import QuireKit

/// The model that `quire run` is told of, brought to this machine if it is not here.
struct ModelOffer {
    /// Where models are kept.
    var store = ModelStore()
    /// Whether a person can be asked, and reads the question.
    var canAsk = Terminal.stdinIsTerminal && Terminal.stderrIsTerminal
    /// Shows a question and reads the answer; nil at the end of the input.
    var ask: (String) -> String? = { question in
        Terminal.write(question)
        return Swift.readLine()
    }
    /// Brings a model and says which file it is.
    var pull: (RemoteModel) async throws -> String = { try await PullCommand.bring($0).model.path }

    /// The file of a model.
    ///
    /// A source is an order to bring it. A name of the catalogue, and a name that is a slip away
    /// from one, are asked about on a terminal; a program gets the error.
    func path(of word: String) async throws -> String {
        let found: ModelReference
        do {
            found = try store.find(word)
        } catch {
            // The built-in model, unless a model of that name is installed.
            if word == ModelLocation.demo { return try DemoModel.path() }
            guard error.code == .notFound, let meant = nearest(to: word),
                agrees(
                    "There is no model '\(Terminal.plain(word))'. Pull", meant, unlessSaid: false)
            else { throw error }
            return try await pull(meant)
        }
        switch found {
        case .file(let path): return path
        case .installed(let model):
            if model.name != word { Terminal.note("Running \(model.name), which is here already.") }
            return model.path
        case .foreign(let model):
            Terminal.note("Running a model of \(model.keeper.title)'s: \(model.path)")
            return model.path
        case .remote(let model):
            let isOrder = word.contains(":")
            guard isOrder || agrees("It is not here yet. Pull", model, unlessSaid: true) else {
                return try store.resolve(word)
            }
            return try await pull(model)
        }
    }

    /// The model of the catalogue that is nearest to a word.
    private func nearest(to word: String) -> RemoteModel? {
        guard let name = store.names(near: word).first else { return nil }
        return try? RemoteModel(parsing: name)
    }

    /// Asks whether to pull a model: `Pull gemma-3-270m (253.1 MB, Gemma terms of use)? [Y/n]`.
    private func agrees(_ why: String, _ model: RemoteModel, unlessSaid yes: Bool) -> Bool {
        guard canAsk else { return false }
        let facts = [model.byteCount.map(Sizes.bytes), model.license].compactMap(\.self)
        let about = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
        let answer = ask("\(why) \(model)\(about)? [\(yes ? "Y/n" : "y/N")] ")
        switch answer?.trimmingPrefix(while: \.isWhitespace).first?.lowercased() {
        case "y": return true
        case "n": return false
        case nil: return answer != nil && yes
        default: return false
        }
    }
}
