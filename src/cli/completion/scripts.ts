/** The words are handed over as they are: what is only being typed must not be evaluated. */
const BASH = `
_spoolite() {
  local IFS=$'\\n'
  COMPREPLY=($(spoolite complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _spoolite spoolite
`;

const ZSH = `
#compdef spoolite
_spoolite() {
  local -a found
  found=(\${(f)"$(spoolite complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#found )); then compadd -a found; else _files; fi
}
compdef _spoolite spoolite
`;

const FISH = `
function __spoolite_complete
    set -l words (commandline -opc)
    set -e words[1]
    spoolite complete -- $words (commandline -ct) 2>/dev/null
end
complete -c spoolite -a '(__spoolite_complete)'
`;

/** What makes a shell complete the program's commands and options. */
export const COMPLETION_SCRIPTS = Object.freeze({
  bash: BASH.trimStart(),
  zsh: ZSH.trimStart(),
  fish: FISH.trimStart(),
});
