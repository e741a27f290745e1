import Conversation
import Synchronization

/// The place of the model that a server answers with: empty while it is loaded, and closed once the
/// server stops.
final class ModelSlot: Sendable {
    private enum State {
        case loading
        case ready(ServedModel)
        case closed(ServedModel?)
    }

    private let state = Mutex(State.loading)

    /// The model.
    ///
    /// - Throws: `RequestError`, while there is none.
    func model() throws(RequestError) -> ServedModel {
        switch state.withLock({ $0 }) {
        case .ready(let model): return model
        case .loading:
            throw RequestError("the model is being loaded; try again soon", code: .loading)
        case .closed:
            throw RequestError(
                "the server is shutting down and takes no more requests; ask another one",
                code: .stopping)
        }
    }

    /// The model if it was loaded, also when no more requests are taken.
    var current: ServedModel? {
        switch state.withLock({ $0 }) {
        case .ready(let model): model
        case .closed(let model): model
        case .loading: nil
        }
    }

    /// The model is loaded.
    ///
    /// - Returns: whether it is wanted still.
    func fill(_ model: ServedModel) -> Bool {
        state.withLock { state in
            guard case .loading = state else { return false }
            state = .ready(model)
            return true
        }
    }

    /// No more requests are taken.
    ///
    /// - Returns: the model, if it was there.
    @discardableResult
    func close() -> ServedModel? {
        state.withLock { state in
            switch state {
            case .ready(let model): state = .closed(model)
            case .loading: state = .closed(nil)
            case .closed: break
            }
            guard case .closed(let model) = state else { return nil }
            return model
        }
    }
}
