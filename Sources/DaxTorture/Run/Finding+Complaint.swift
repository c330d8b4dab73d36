import DaxModel

/// A violation in the words of those who have never heard of this program's rules.
extension Finding {
    /// For a mail's subject: "stale data after punch".
    var complaint: String {
        let parts = signature.split(separator: " | ", omittingEmptySubsequences: false).map(
            String.init)
        let (seen, others) = (
            parts.count > 1 ? parts[1] : "", parts.count > 3 ? parts[3] : ""
        )
        let after = others.isEmpty ? "" : " after \(others)"
        return switch rule {
        case .provenance:
            "foreign data" + (seen == "stale block content" ? " of a freed block" : "")
        case .future, .goingBack: "data in no possible order"
        case .freshness: (seen == "zero" ? "lost data" : "stale data") + after
        case .sigbus: (seen == "no SIGBUS" ? "no SIGBUS" : "unexpected \(seen)") + after
        case .size: "wrong size or holes" + after
        case .regrowth: "truncated data comes back"
        case .audit: "mapping and read(2) differ"
        case .bystanders: "damage to what nobody touches"
        case .kernel: seen
        case .durability: "dirty data is not written back" + after
        case .physical: "stale page table entry"
        case .refusal: "\(seen) without a reason" + (parts.count > 2 ? " from \(parts[2])" : "")
        case .crash: "data lost in a power failure" + after
        }
    }

    /// What is wrong, as the end of a sentence.
    var meaning: String {
        switch rule {
        case .provenance: "a file shows data that were never written to it"
        case .future: "a read returned data that were written only afterwards"
        case .freshness: "a read returned data that had been overwritten or zeroed before it began"
        case .goingBack: "a later read returned older data"
        case .sigbus:
            "an access to a mapping ends in a signal without cause, or in none beyond the end of file"
        case .size: "what the filesystem says of a file's size or holes is wrong"
        case .regrowth: "data that a truncate cut off are there again when the file grows"
        case .audit: "while nobody writes, a mapping and read(2) show different data"
        case .bystanders: "files or free space that nobody touches change"
        case .kernel: "the kernel complains, or does not come back from a call"
        case .durability: "fsync or msync succeeds and has not written a dirty page back"
        case .physical:
            "a page table entry leads to another block than that of the file's extent map"
        case .refusal: "a call fails for no reason that it may have"
        case .crash: "what was acknowledged as durable is not there after a power failure"
        }
    }
}
