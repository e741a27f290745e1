/// Where the weights of experts that tokens choose are kept. Tokens are the same.
public enum ExpertPlacement: String, Hashable, Sendable, CaseIterable {
    /// In memory if it holds them, and in the model's file otherwise.
    case automatic = "auto"
    /// In memory.
    case memory
    /// In the model's file: a step reads those that its tokens choose, and the system keeps in
    /// memory what room there is.
    case file
}
