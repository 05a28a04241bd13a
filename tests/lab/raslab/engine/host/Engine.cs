// Copyright (c) 2026, FleetOps contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs what a connection plugin would give to a PowerShell process, in this process: one runspace per request.
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FakeWindows
{
    public sealed class Answer { public string Stdout = ""; public string Stderr = ""; public int Rc; }

    public sealed class QuietHost : PSHost
    {
        private readonly QuietUI _ui = new QuietUI();
        private readonly Guid _id = Guid.NewGuid();
        public int? ExitCode;
        public StringBuilder Out { get { return _ui.Out; } }
        public StringBuilder Err { get { return _ui.Err; } }
        public override string Name { get { return "ConsoleHost"; } }
        public override Version Version { get { return new Version(5, 1); } }
        public override Guid InstanceId { get { return _id; } }
        public override PSHostUserInterface UI { get { return _ui; } }
        public static CultureInfo Culture = CultureInfo.InvariantCulture;
        public override CultureInfo CurrentCulture { get { return Culture; } }
        public override CultureInfo CurrentUICulture { get { return Culture; } }
        public override void EnterNestedPrompt() { throw new NotSupportedException(); }
        public override void ExitNestedPrompt() { }
        public override void NotifyBeginApplication() { }
        public override void NotifyEndApplication() { }
        public override void SetShouldExit(int exitCode) { ExitCode = exitCode; }
    }

    public sealed class QuietUI : PSHostUserInterface
    {
        private const string No = "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.";
        public readonly StringBuilder Out = new StringBuilder();
        public readonly StringBuilder Err = new StringBuilder();
        public override PSHostRawUserInterface RawUI { get { return null; } }
        public override Dictionary<string, PSObject> Prompt(string c, string m, Collection<FieldDescription> d) { throw new PSInvalidOperationException(No); }
        public override int PromptForChoice(string c, string m, Collection<ChoiceDescription> s, int d) { throw new PSInvalidOperationException(No); }
        public override PSCredential PromptForCredential(string c, string m, string u, string t) { throw new PSInvalidOperationException(No); }
        public override PSCredential PromptForCredential(string c, string m, string u, string t, PSCredentialTypes a, PSCredentialUIOptions o) { throw new PSInvalidOperationException(No); }
        public override string ReadLine() { throw new PSInvalidOperationException(No); }
        public override SecureString ReadLineAsSecureString() { throw new PSInvalidOperationException(No); }
        public override void Write(string value) { Out.Append(value); }
        public override void Write(ConsoleColor f, ConsoleColor b, string value) { Out.Append(value); }
        public override void WriteLine(string value) { Out.AppendLine(value); }
        public override void WriteErrorLine(string value) { Err.AppendLine(value); }
        public override void WriteDebugLine(string message) { Out.AppendLine("DEBUG: " + message); }
        public override void WriteVerboseLine(string message) { Out.AppendLine("VERBOSE: " + message); }
        public override void WriteWarningLine(string message) { Out.AppendLine("WARNING: " + message); }
        public override void WriteProgress(long sourceId, ProgressRecord record) { }
    }

    /// <summary>Ends this process with the one that started it, however that one ended: it held the other end of the pipe.</summary>
    public static class Parent
    {
        /// <param name="folder">What that process cannot remove any more.</param>
        public static void Watch(string folder)
        {
            var thread = new System.Threading.Thread(() =>
            {
                var pipe = Console.OpenStandardInput();
                var bytes = new byte[16];
                while (pipe.Read(bytes, 0, bytes.Length) > 0) { }
                try { Directory.Delete(folder, true); }
                catch (IOException) { }
                catch (UnauthorizedAccessException) { }
                Environment.Exit(0);
            });
            thread.IsBackground = true;
            thread.Start();
        }
    }

    public static class Engine
    {
        public static Answer Run(string script, string stdin)
        {
            QuietHost host = new QuietHost();
            Answer answer = new Answer();
            TextWriter stdout = Console.Out;
            using (Runspace runspace = RunspaceFactory.CreateRunspace(host, Session.CreateDefault2()))
            {
                runspace.Open();
                Runspace before = Runspace.DefaultRunspace;
                Runspace.DefaultRunspace = runspace;
                try
                {
                    using (PowerShell shell = PowerShell.Create())
                    {
                        shell.Runspace = runspace;
                        shell.AddScript("function chcp.com {}", false).AddStatement();
                        shell.AddScript(script, false);
                        var output = new List<PSObject>();
                        try { shell.Invoke(Memo.Patch(stdin).Split('\n').Select(l => l.TrimEnd('\r')), output); }
                        catch (RuntimeException error) { answer.Rc = 1; host.Err.AppendLine(error.ErrorRecord.ToString()); }
                        foreach (ErrorRecord error in shell.Streams.Error) host.Err.AppendLine(error.ToString());
                        foreach (PSObject each in output) if (each != null) host.Out.AppendLine(each.ToString());
                    }
                }
                finally { Runspace.DefaultRunspace = before; Console.SetOut(stdout); }
            }
            if (host.ExitCode.HasValue) answer.Rc = host.ExitCode.Value;
            answer.Stdout = host.Out.ToString();
            answer.Stderr = host.Err.ToString();
            return answer;
        }
    }

    /// <summary>Which C# sources this process has compiled: to compile them takes a second, and each assembly stays for ever.</summary>
    public static class Memo
    {
        private static readonly Dictionary<string, Assembly> Known = new Dictionary<string, Assembly>();
        private static string Key(string[] sources)
        {
            using (SHA256 sha = SHA256.Create())
                return Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(string.Join("\0", sources))));
        }
        public static Assembly Get(string[] sources) { Assembly found; return Known.TryGetValue(Key(sources), out found) ? found : null; }
        public static void Put(string[] sources, Assembly assembly) { Known[Key(sources)] = assembly; }

        private static readonly Regex Util = new Regex(
            "(\"Ansible\\.ModuleUtils\\.AddType(?:\\.psm1)?\"\\s*:\\s*(?:\\{[^{}]*?\"script\"\\s*:\\s*)?\")([A-Za-z0-9+/=]+)\"");
        private const string Front = @"
Function Add-CSharpType {
    param ([string[]]$References, [switch]$IgnoreWarnings, [switch]$PassThru, $AnsibleModule, [string]$TempPath,
        [switch]$IncludeDebugInfo, [string[]]$CompileSymbols)
    $null = $PSBoundParameters.Remove('PassThru')
    $found = [FakeWindows.Memo]::Get($References)
    if (-not $found) { $found = Add-CSharpTypeReal @PSBoundParameters -PassThru; [FakeWindows.Memo]::Put($References, $found) }
    if ($PassThru) { $found }
}
";
        public static string Wrap(string util)
        {
            return Front + Regex.Replace(util, "(?im)^function\\s+Add-CSharpType\\b", "Function Add-CSharpTypeReal");
        }

        /// <summary>ansible-core's own compiling function, in all payload formats, behind this memory.</summary>
        public static string Patch(string stdin)
        {
            return Util.Replace(stdin, m => m.Groups[1].Value + Convert.ToBase64String(Encoding.UTF8.GetBytes(
                Wrap(Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups[2].Value))))) + "\"");
        }
    }
}
