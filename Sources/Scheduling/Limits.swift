/// The bounds of the scheduler.
public enum SchedulingLimits {
    /// Tokens of one step.
    public static let maxStepTokens = 1 << 20

    /// Requests that run at once.
    public static let maxRunning = 1 << 16

    /// Requests that wait, unless the configuration says less.
    public static let maxWaiting = 1 << 20
}
