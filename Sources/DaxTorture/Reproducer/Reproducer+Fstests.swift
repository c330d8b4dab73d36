import DaxConfig
import DaxOperations
import DaxText

extension Reproducer {
    /// A test of fstests around the program, which goes into fstests' src/.
    package var fstest: String {
        let fs = config.fs
        var lines = [
            "#! /bin/bash",
            "# SPDX-License-Identifier: GPL-2.0",
            "# Copyright (c) YEAR NAME.  All Rights Reserved.",
            "#",
            "# FS QA Test NNN",
            "#",
        ]
        let said = comment.filter { !$0.hasPrefix("Fix: ") && !$0.hasPrefix("Affected: ") }
        lines += (said.isEmpty ? ["What these steps come to on DAX."] : said).flatMap { paragraph in
            Layout.wrapped(paragraph, first: "# ", rest: "# ").split(separator: "\n").map(
                String.init)
                + ["#"]
        }
        lines += [
            "# The program is src/\(name).c: put it there (daxtorture reproducer prints it),",
            "# name it in LINUX_TARGETS of src/Makefile and in .gitignore. This is",
            "# tests/\(fs.type == .xfs ? "xfs" : "generic")/NNN, and NNN.out is:",
            "#   QA output created by NNN",
            "#   Silence is golden",
            "#",
            ". ./common/preamble",
            "_begin_fstest \(groups)",
            "",
        ]
        if fs.reflink { lines += [". ./common/reflink", ""] }
        if let fix = fix {
            lines += ["_fixed_by_kernel_commit \(fix.commit) \\", "\t\"\(fix.title)\"", ""]
        }
        lines += ["_require_scratch", "_require_scratch_dax_mountopt \"dax=\(fs.dax.rawValue)\""]
        if fs.reflink { lines.append("_require_scratch_reflink") }
        lines += requirements.map { "_require_xfs_io_command \"\($0)\"" }
        lines += ["_require_test_program \"\(name)\"", ""]
        let options =
            fs.type == .xfs ? xfsOptions : "-b 4096 -E stride=512,stripe_width=512"
        lines += [
            "_scratch_mkfs \(options) >> $seqres.full 2>&1",
            "_scratch_mount \"-o dax=\(fs.dax.rawValue)\"",
        ]
        if fs.dax == .inode { lines.append("$XFS_IO_PROG -c 'chattr +x' $SCRATCH_MNT") }
        lines += [
            "",
            "$here/src/\(name) $SCRATCH_MNT >> $seqres.full 2>&1",
            "case $? in",
            "0) echo \"Silence is golden\" ;;",
            "1) echo \"shown: see $seqres.full\" ;;",
            "*) _notrun \"\(name) could not run: see $seqres.full\" ;;",
            "esac",
            "",
            "# success, all done",
            "status=0",
            "exit",
        ]
        return lines.map { $0 + "\n" }.joined()
    }

    /// By the comment's line `Fix: "TITLE" (COMMIT, Linux VERSION).`
    private var fix: (title: String, commit: String)? {
        for paragraph in comment {
            if let match = paragraph.firstMatch(of: /^Fix: "([^"]+)" \(([0-9a-f]{12,40})\b/) {
                return (String(match.1), String(match.2))
            }
        }
        return nil
    }

    private var groups: String {
        let features = features
        let named = [
            ("mmap", ["stores", "load", "second", "private"]), ("clone", ["clone"]),
            ("dedupe", ["dedupe"]), ("punch", ["punch"]), ("zero", ["zero"]),
            ("collapse", ["collapse"]), ("prealloc", ["allocate", "allocate-keep-size"]),
            ("unshare", ["unshare"]), ("copy_range", ["copy"]), ("fiexchange", ["exchange"]),
        ]
        let groups = named.filter { !features.isDisjoint(with: $0.1) }.map(\.0)
        return (["auto", "quick", "dax"] + groups).joined(separator: " ")
    }

    /// What xfs_io and the filesystem must know.
    private var requirements: [String] {
        let features = features
        return [
            ("punch", "fpunch"), ("zero", "fzero"), ("collapse", "fcollapse"),
            ("unshare", "funshare"), ("copy", "copy_range"), ("exchange", "exchangerange"),
            ("allocate", "falloc"), ("allocate-keep-size", "falloc"), ("dedupe", "dedupe"),
        ].filter { features.contains($0.0) }.map(\.1)
    }
}
