/// A download that has not all arrived.
enum PartialFile {
    static let endings = [".part", ".part.json", ".pip.part"]
}
