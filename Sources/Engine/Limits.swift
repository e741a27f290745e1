/// The bounds of what a request may ask of the engine.
public enum EngineLimits {
    /// Stop strings of one request.
    public static let maxStopStrings = 64

    /// UTF-8 bytes of one stop string: what it may hold back of a stream.
    public static let maxStopBytes = 4_096

    /// Temperatures above 2 give noise; other engines refuse them as well.
    public static let maxTemperature = 2.0

    /// Alternatives reported for each token; the vocabulary bounds them further.
    public static let maxLogprobs = 1 << 20
}
