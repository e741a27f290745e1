/// Sequences that come one after another, and which of them ends after each: drawn once, so that
/// several caches can be asked to hold the same (corrected mode).
struct NotebookWorkload: Sendable {
    /// A sequence comes; then, maybe, one that came ends.
    struct Arrival: Hashable, Sendable {
        /// Tokens of the sequence that comes. Its number is its place in the list.
        var length: Int
        /// The number of the sequence that ends after it.
        var ending: Int?
    }

    /// In order.
    var arrivals: [Arrival]

    /// Draws as the notebook's traditional function does: a length of 10 to the maximum, then, from
    /// the second sequence on, with a chance of 0.3, any active sequence ends.
    ///
    /// - Complexity: O(`count` x active sequences)
    init(_ shape: NotebookShape, using generator: inout MersenneTwister) {
        arrivals = []
        arrivals.reserveCapacity(shape.sequences)
        var active: [Int] = []
        for number in 0..<shape.sequences {
            var arrival = Arrival(length: shape.drawLength(using: &generator))
            active.append(number)
            if number > 0, generator.random() < NotebookShape.endingChance {
                arrival.ending = active.remove(at: generator.randint(0, active.count))
            }
            arrivals.append(arrival)
        }
    }
}

/// The arguments that the notebook's simulations share.
package struct NotebookShape: Hashable, Sendable {
    /// `num_sequences`.
    package var sequences: Int
    /// `max_seq_length`, in tokens: at least `shortest`.
    package var maxLength: Int
    /// `hidden_dim`: elements of a token.
    package var hiddenDim: Int

    /// Tokens of the shortest sequence.
    package static let shortest = 10

    /// How likely a sequence ends after each arrival.
    static let endingChance = 0.3

    /// The mean length that the notebook assumes, as a share of the longest. That of the lengths
    /// that it draws is about half.
    static let assumedShare = 0.6

    /// A shape.
    package init(sequences: Int, maxLength: Int, hiddenDim: Int) {
        precondition(
            sequences >= 0 && maxLength >= Self.shortest && hiddenDim >= 1,
            "a notebook run of no shape")
        self.sequences = sequences
        self.maxLength = maxLength
        self.hiddenDim = hiddenDim
    }

    func drawLength(using generator: inout MersenneTwister) -> Int {
        generator.randint(Self.shortest, maxLength + 1)
    }

    /// The pages of `simulate_paged_attention`'s pool: a fifth more than the tokens that it assumes
    /// need.
    package func pages(of pageSize: Int) -> Int {
        let tokens = Double(sequences * maxLength) * Self.assumedShare
        let pages = PythonArithmetic.floorDivide(
            tokens + Double(pageSize) - 1, Double(pageSize))
        return Int(pages * 1.2)
    }
}
