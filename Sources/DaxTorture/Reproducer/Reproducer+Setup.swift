import DaxConfig
import DaxOperations
import DaxText

extension Reproducer {
    /// The bytes that a file has before the first step.
    func size(_ file: Int) -> UInt64 {
        config.file(file)?.size.bytes ?? config.fs.fileSize.bytes
    }

    /// The bytes that a file is made with, as a hole if it has a table and all have.
    static func startingSize(_ file: Int, _ config: Config, _ files: Range<Int>) -> UInt64 {
        guard let table = config.file(file) else { return config.fs.fileSize.bytes }
        return isMixed(config, files) ? 0 : table.size.bytes
    }

    /// Whether files without a table are made with space, so that those with one begin empty.
    private static func isMixed(_ config: Config, _ files: Range<Int>) -> Bool {
        config.fs.layout != .hole && files.contains { config.file($0) == nil }
    }

    /// What makes the extents of the files' tables: first each file's own, then what they share.
    static func setup(_ config: Config, _ files: Range<Int>) -> [Order] {
        let tables = files.compactMap { number in
            config.file(number).map { table in
                (
                    file: number, table: table,
                    extents: table.extents.compactMap { StartingExtent($0) }
                )
            }
        }
        var orders: [Order] = []
        func truncate(_ file: Int, to size: UInt64) {
            var order = Order(.truncate)
            (order.file, order.offset) = (file, size)
            orders.append(order)
        }
        for (file, table, _) in tables where isMixed(config, files) {
            truncate(file, to: table.size.bytes)
        }
        for (file, _, extents) in tables {
            orders += extents.filter { $0.source == nil }.map { $0.order(on: file) }
        }
        for (file, _, extents) in tables {
            orders += extents.filter { $0.source != nil }.map { $0.order(on: file) }
        }
        for (file, table, extents) in tables where !extents.isEmpty {
            // What is written beyond it made the file longer.
            let end = orders.filter { $0.file == file && $0.verb != .allocateKeepSize }
                .map { $0.offset + $0.length }.max()
            if end ?? 0 > table.size.bytes { truncate(file, to: table.size.bytes) }
            var sync = Order(.fsync)
            sync.file = file
            orders.append(sync)
        }
        return orders
    }
}

extension StartingExtent {
    /// The file that it is cloned from.
    var source: Int? {
        switch state {
        case .written, .unwritten: nil
        case .shared(let file, _): file
        }
    }

    /// What makes it.
    fileprivate func order(on file: Int) -> Order {
        var order: Order
        switch state {
        case .written: order = Order(.pwrite)
        case .unwritten: order = Order(.allocateKeepSize)
        case .shared(let source, let from):
            order = Order(.clone)
            (order.source, order.sourceOffset) = (source, from)
        }
        (order.file, order.offset, order.length) = (file, offset, length)
        return order
    }
}
