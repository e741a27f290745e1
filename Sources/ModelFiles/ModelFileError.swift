import Tensors

/// What is wrong with a model file, where, and what was expected.
///
/// A model file is untrusted: whatever its bytes are, reading it ends in a value or in this error.
public struct ModelFileError: Error, Sendable, CustomStringConvertible {
    /// The kind of fault, for a program; `message` is for a person.
    public let code: Code

    /// The file at fault, as the caller named it (a part's own path for a split file).
    public let path: String

    /// Where in the file the fault is.
    public let location: Location

    /// What is wrong, what was expected, and how to remedy it where that can be known.
    public let message: String

    /// The place of a fault inside a file.
    public enum Location: Hashable, Sendable {
        /// The file as a whole.
        case file
        /// A byte offset from the start of the file.
        case offset(Int)
        /// A metadata key.
        case key(String)
        /// A tensor.
        case tensor(String)
    }

    /// Makes an error.
    public init(_ code: Code, path: String, at location: Location = .file, _ message: String) {
        self.code = code
        self.path = path
        self.location = location
        self.message = PlainText.lines(message)
    }

    /// One line: path, place, message; the path once, where the message names it.
    public var description: String {
        let path = PlainText.line(path)
        return switch location {
        case .file where message.contains(path): message
        case .file: "\(path): \(message)"
        case .offset(let offset): "\(path): at byte \(offset): \(message)"
        case .key(let key): "\(path): key '\(PlainText.line(key))': \(message)"
        case .tensor(let name): "\(path): tensor '\(PlainText.line(name))': \(message)"
        }
    }
}

extension ModelFileError {
    /// The kinds of fault. A struct around a private enum, so that a new code breaks no `switch`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case unreadable, notARegularFile, truncated, notGGUF, wrongByteOrder
            case unsupportedVersion, badCount, badString, badKey, duplicateKey, badValueType
            case badValue, badAlignment, badTensorName, duplicateTensor, badShape, badTensorType
            case badOffset, badSplit, missingKey, wrongType, outOfRange, missingTensor
            case wrongShape, unsupportedFormat, tooLarge, notWritable, badJSON, badPath, pickle
            case cancelled
        }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The code's name, as in the source.
        public var description: String { kind.rawValue }

        /// The file is missing, not permitted, or the system failed to read it.
        public static let unreadable = Code(.unreadable)
        /// A directory, a device or a pipe stands where a file was expected.
        public static let notARegularFile = Code(.notARegularFile)
        /// The file ends before what it announces.
        public static let truncated = Code(.truncated)
        /// The file does not begin with the GGUF magic.
        public static let notGGUF = Code(.notGGUF)
        /// The file was written for a big-endian machine.
        public static let wrongByteOrder = Code(.wrongByteOrder)
        /// A GGUF version that is not read here.
        public static let unsupportedVersion = Code(.unsupportedVersion)
        /// A number of entries or elements that the file cannot hold.
        public static let badCount = Code(.badCount)
        /// A string longer than the file, or not text where text is required.
        public static let badString = Code(.badString)
        /// A metadata key that is empty, too long, or not printable ASCII.
        public static let badKey = Code(.badKey)
        /// A metadata key that occurs twice.
        public static let duplicateKey = Code(.duplicateKey)
        /// A metadata value (or array element) type that does not exist or is not allowed there.
        public static let badValueType = Code(.badValueType)
        /// A metadata value outside of its type's values, such as a bool of 2.
        public static let badValue = Code(.badValue)
        /// `general.alignment` is not a uint32 power of two within `ModelFileLimits.alignment`.
        public static let badAlignment = Code(.badAlignment)
        /// A tensor name that is empty, too long, or not text.
        public static let badTensorName = Code(.badTensorName)
        /// A tensor name that occurs twice.
        public static let duplicateTensor = Code(.duplicateTensor)
        /// A tensor's dimensions are none, too many, zero, or too large.
        public static let badShape = Code(.badShape)
        /// A tensor type id that does not exist or was removed from the format.
        public static let badTensorType = Code(.badTensorType)
        /// A tensor's data is not where the format puts it.
        public static let badOffset = Code(.badOffset)
        /// The parts of a split model do not belong together, or one is missing.
        public static let badSplit = Code(.badSplit)
        /// A metadata key that the reader needs is not there.
        public static let missingKey = Code(.missingKey)
        /// A metadata value of another type than asked for.
        public static let wrongType = Code(.wrongType)
        /// A metadata number outside the range that the reader accepts.
        public static let outOfRange = Code(.outOfRange)
        /// A tensor that the reader needs is not there.
        public static let missingTensor = Code(.missingTensor)
        /// A tensor of another shape than the model's metadata says.
        public static let wrongShape = Code(.wrongShape)
        /// A valid tensor type that this program has no kernels for.
        public static let unsupportedFormat = Code(.unsupportedFormat)
        /// More than one of the bounds in `ModelFileLimits` allows.
        public static let tooLarge = Code(.tooLarge)
        /// The system failed to write the file.
        public static let notWritable = Code(.notWritable)
        /// A text that is not JSON, or JSON of another form than the reader asked for.
        public static let badJSON = Code(.badJSON)
        /// A file that names another one outside of its own folder.
        public static let badPath = Code(.badPath)
        /// A pickle file, which is a program and is never run here.
        public static let pickle = Code(.pickle)
        /// The caller ended the work.
        public static let cancelled = Code(.cancelled)
    }
}
