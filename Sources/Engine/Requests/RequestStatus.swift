public import QuireIdentifiers
public import Scheduling

/// Where a request is that has not ended, between two steps.
public struct RequestStatus: Hashable, Sendable {
    /// Where a request is.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// It has not had a step.
        case queued
        /// It has a place among those that run.
        case running
        /// It lost its place and waits for another.
        case preempted
        /// It came while the engine is paused.
        case held
    }

    /// The request.
    public var id: RequestID

    /// Where it is.
    public var state: State

    /// Why it had no tokens in the last step; nil when it had some.
    public var waitReason: WaitReason?

    /// Tokens of its prompt.
    public var promptTokens: Int

    /// Tokens of its answers so far, all of them together.
    public var generatedTokens: Int

    /// Tokens, prompt and answer, that the cache has of its longest answer.
    public var computedTokens: Int

    /// When what happened to it.
    public var timeline: Timeline

    /// The time at which all this holds.
    public var now: Duration

    /// The time that it has waited for its first step.
    public var queuedTime: Duration { (timeline.scheduled ?? now) - timeline.queued }

    /// The time since its first step until its first token.
    public var prefillTime: Duration {
        timeline.scheduled.map { (timeline.firstToken ?? now) - $0 } ?? .zero
    }

    /// The time since its first token.
    public var decodeTime: Duration { timeline.firstToken.map { now - $0 } ?? .zero }
}

/// What a job can tell of its request while it is at work.
package struct JobProgress {
    /// Tokens of its prompt.
    package var promptTokens: Int
    /// Tokens of its answers so far.
    package var generatedTokens: Int
    /// When what happened to it.
    package var timeline: Timeline
}

extension EngineLoop {
    /// Where a request is; nil when it has ended.
    package func status(of ticket: RequestID, now: Duration) -> RequestStatus? {
        guard let job = job(of: ticket), !job.isEnded, let progress = job.progress else {
            return nil
        }
        let places = job.live.compactMap { core.scheduler.place(of: $0) }
        let state: RequestStatus.State =
            if places.isEmpty {
                .held
            } else if places.contains(where: { $0.phase != .waiting }) {
                .running
            } else {
                progress.timeline.scheduled == nil ? .queued : .preempted
            }
        return RequestStatus(
            id: ticket, state: state, waitReason: waitReason(of: ticket),
            promptTokens: progress.promptTokens, generatedTokens: progress.generatedTokens,
            computedTokens: places.map(\.computed).max() ?? 0, timeline: progress.timeline,
            now: now)
    }
}
