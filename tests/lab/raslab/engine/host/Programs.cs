// Copyright (c) 2026, FleetOps contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files that a script keeps open, with the share modes of Windows, and a program that it starts and waits for.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text.Json;

namespace FakeWindows
{
    /// <summary>Which files are open here, and which ones somebody else has open for writing. Linux knows no share modes.</summary>
    public static class Sharing
    {
        private const int Violation = unchecked((int)0x80070020);
        private static readonly List<WindowsFileStream> Open = new List<WindowsFileStream>();

        /// <summary>Another script begins: what the last one forgot to close is closed with its process.</summary>
        public static void Reset() { lock (Open) { Open.Clear(); } }

        /// <summary>Whether this machine's table says that somebody writes the file.</summary>
        private static bool IsWritten(string path)
        {
            PSPropertyInfo table = Machine.Current.Data.Properties["written_to"];
            object[] rows = table == null ? null : table.Value as object[];
            return rows != null && rows.Any(row => string.Equals(row.ToString(), path, StringComparison.OrdinalIgnoreCase));
        }

        /// <summary>The path to open, unless its users do not share it with this one.</summary>
        public static string In(string path, FileShare share)
        {
            if ((share & FileShare.Write) == 0 && IsWritten(path))
                throw new IOException("The process cannot access the file '" + path + "' because it is being used by another process.", Violation);
            return Translate.In(path);
        }

        public static void Add(WindowsFileStream stream) { lock (Open) { Open.Add(stream); } }
        public static void Remove(WindowsFileStream stream) { lock (Open) { Open.Remove(stream); } }

        /// <summary>The files that nobody else can write, replace or remove now.</summary>
        public static string[] Held()
        {
            lock (Open) { return Open.Where(each => (each.Share & (FileShare.Write | FileShare.Delete)) == 0).Select(each => each.Name).ToArray(); }
        }
    }

    /// <summary>What Start-Process gives: as in Windows PowerShell 5.1, its exit code is known only to who has had its handle in time.</summary>
    public sealed class StartedProcess
    {
        private bool _handled;
        private bool _ended;
        private int? _code;

        private static JsonElement Ask(object question)
        {
            return JsonDocument.Parse(Model.Ask(JsonSerializer.Serialize(question))).RootElement;
        }

        public StartedProcess(string file, string arguments)
        {
            JsonElement error;
            if (Ask(new { ask = "start", file, arguments, held = Sharing.Held() }).TryGetProperty("error", out error))
                throw new InvalidOperationException(error.GetString());
        }

        public IntPtr Handle { get { _handled = !_ended; return new IntPtr(1); } }
        public object ExitCode { get { return _handled && _code.HasValue ? (object)_code.Value : null; } }
        public void WaitForExit()
        {
            JsonElement code = Ask(new { ask = "wait" }).GetProperty("code");
            _ended = true;
            if (code.ValueKind == JsonValueKind.Number) _code = code.GetInt32();
            Ask(new { ask = "ended", held = Sharing.Held() });
        }
    }
}
